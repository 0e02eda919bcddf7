import { readdir, stat } from "node:fs/promises";
import { availableParallelism, cpus, freemem, homedir, release, totalmem } from "node:os";
import { join } from "node:path";

import { type Command, Option } from "commander";

import type { DeviceCheck } from "../../engine/index";
import { cacheFolder } from "../../engine/user-folders";
import { version } from "../../engine/version";
import { formatBytes } from "../../engine/numbers/bytes";
import { checkInOwnProcess, devices } from "../doctor/devices";
import { instructionSets } from "../doctor/instruction-sets";
import { loadEngine } from "../engine";
import { UsageError } from "../failure";
import { downloadedModels } from "../../engine/model/library/folders";
import { listModels } from "../../engine/model/library/list";
import { writeOut } from "../output";
import { tensorflowFolder } from "../run";
import { Screen } from "../terminal/screen";
import { table } from "../terminal/table";

interface DoctorFlags {
  readonly json?: boolean;
  readonly check?: string;
}

export function addDoctor(program: Command, signal: AbortSignal): void {
  program
    .command("doctor")
    .summary("what works on this machine")
    .description(
      "Says what this machine has and which runtimes and execution providers work on it: each computes a small graph, which is compared with what must come out. Made to be pasted into a report.",
    )
    .option("--json", "print it as one JSON document")
    .addOption(new Option("--check <device>").hideHelp())
    .action(async ({ json, check }: DoctorFlags) => {
      if (check !== undefined) await checkOne(check);
      else await doctor(json ?? false, signal);
    });
}

/** What a process for one device does. */
async function checkOne(name: string): Promise<void> {
  const wish = devices.get(name);
  if (wish === undefined)
    throw new UsageError(`There is no device ${name}`, `Name one of ${[...devices.keys()].join(", ")}.`);
  const { checkDevice } = await loadEngine();
  await writeOut(JSON.stringify(await checkDevice({ ...wish, tensorflowFolder: tensorflowFolder() })));
}

async function doctor(json: boolean, signal: AbortSignal): Promise<void> {
  const facts = await machineFacts();
  const checks: [string, DeviceCheck][] = [];
  for (const name of devices.keys()) checks.push([name, await checkInOwnProcess(name, signal)]);
  if (json) {
    await writeOut(`${JSON.stringify({ ...facts, devices: Object.fromEntries(checks) })}\n`);
    return;
  }
  const screen = new Screen(false);
  const width = Math.max(...Object.keys(facts).map((name) => name.length));
  const left = { align: "left" } as const;
  screen.print([
    ...Object.entries(facts).map(([name, fact]) => `${name.padEnd(width)}  ${fact}`),
    "",
    ...table(
      [
        { title: "runtime", ...left },
        { title: "version" },
        { title: "threads" },
        { title: "off by" },
        { title: "GFLOP/s" },
      ],
      checks.map(([name, check]) =>
        check.works
          ? [
              name,
              check.version,
              String(check.threads),
              check.difference.toExponential(0),
              (check.flops / 1e9).toFixed(0),
            ]
          : [name, "", "", "", "no"],
      ),
      screen.style,
    ),
    "",
    ...checks.flatMap(([name, check]) => {
      const said = check.works ? placementLine(check) : check.why;
      return said === undefined ? [] : [`${name}: ${withoutHome(said)}`];
    }),
  ]);
}

/** Where the operations of a device's check went. */
function placementLine({ placement }: Extract<DeviceCheck, { works: true }>): string | undefined {
  if (placement === undefined) return undefined;
  const { all, onProcessor, operations } = placement;
  if (onProcessor === 0) return `all ${all} operations of its check ran there.`;
  return `${onProcessor} of ${all} operations of its check ran on the processor (${operations.join(", ")}).`;
}

async function machineFacts(): Promise<Record<string, string>> {
  const sets = await instructionSets();
  const models = downloadedModels();
  const listed = await listModels(models);
  const bytes = listed.reduce((sum, model) => sum + model.bytes, 0);
  return {
    Paramscope: version,
    "Node.js": `${process.versions.node}, ${process.platform} ${process.arch}, ${release()}`,
    processor: `${cpus()[0]?.model ?? "unknown"}, ${cpus().length} cores, ${availableParallelism()} for Paramscope`,
    instructions: sets === undefined ? "not said by this system" : sets.join(", "),
    memory: `${formatBytes(totalmem())}, ${formatBytes(freemem())} free`,
    models: `${listed.length} in ${withoutHome(models)}, ${formatBytes(bytes)}`,
    cache: `${formatBytes(await sizeOf(cacheFolder()))} in ${withoutHome(cacheFolder())}`,
  };
}

/** What is pasted into a report need not name its author. */
function withoutHome(text: string): string {
  return text.replaceAll(homedir(), "~");
}

/** Of all files in a folder and those below it. */
async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(
    files.map(async ({ parentPath, name }) => (await stat(join(parentPath, name)).catch(() => undefined))?.size),
  );
  return sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
}
