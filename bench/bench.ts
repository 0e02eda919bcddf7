import { mkdir, writeFile } from "node:fs/promises";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { bringModel } from "./bring-model";
import { runChild } from "./child";
import { measureComparisons } from "./comparisons";
import { measureFirstLine } from "./first-line";
import { measureGrowth } from "./growth";
import { measureLarge, measureLargeMixture } from "./large";
import { measureManyTexts } from "./many-texts";
import type { Part } from "./part";
import { measureCompression } from "./compression";
import { measureAllocations } from "./allocations";
import { measureShrunk } from "./shrink";
import { measureSymmetric } from "./symmetric-blocks";
import { compareWholeFiles } from "./whole-files";
import { comparePeers } from "./peers";
import { comparePruning, pruneLarge } from "./pruning";
import { Report } from "./report";
import { compareRuntimes } from "./runtimes";

/*
 * npm run bench [-- PART …] [-- --large] [-- --rounds n]
 *
 * Every figure that is compared with another is measured in turn with it, round after round, each in a process of its own:
 * machines drift, ratios do not. A part's tables go to bench/results/PART.md.
 */

const parts: Readonly<Record<string, Part>> = {
  peers: comparePeers,
  growth: measureGrowth,
  "first-line": measureFirstLine,
  "many-texts": measureManyTexts,
  comparisons: measureComparisons,
  pruning: comparePruning,
  compression: measureCompression,
  "whole-files": compareWholeFiles,
  allocations: measureAllocations,
  "symmetric-blocks": measureSymmetric,
  shrink: measureShrunk,
  runtimes: compareRuntimes,
  large: measureLarge,
  "large-mixture": measureLargeMixture,
  "large-pruning": pruneLarge,
};

/** Those that take minutes, not hours. */
const usual = ["peers", "growth", "first-line"];
/** Those of models that take gigabytes of disk (`--large`). */
const large = ["large", "large-mixture"];

async function bench(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { rounds: { type: "string" }, large: { type: "boolean" } },
  });
  const named = [...positionals, ...(values.large ? large : [])];
  const names = named.length > 0 ? named : usual;
  const chosen = names.map((name) => [name, partOf(name)] as const);
  const real = await bringModel();
  for (const [name, part] of chosen) {
    const report = new Report(`npm run bench -- ${name}`, cpus()[0]?.model ?? "unknown", cpus().length);
    const rounds = Number(values.rounds ?? 3);
    await part({ report, real, rounds, progress: (text) => console.error(text) });
    const [load = NaN] = loadavg();
    report.note(`Rounds: ${rounds}. The load of the machine was ${load.toFixed(1)} at the end.`);
    await mkdir(join("bench", "results"), { recursive: true });
    await writeFile(join("bench", "results", `${name}.md`), report.text());
    console.log(`\n${report.text()}`);
  }
}

function partOf(name: string): Part {
  const part = Object.hasOwn(parts, name) ? parts[name] : undefined;
  if (part === undefined) throw new Error(`There is no part ${name}: ${Object.keys(parts).join(", ")}.`);
  return part;
}

const [, , mode, task] = process.argv;
void (mode === "--child" && task !== undefined ? runChild(task) : bench());
