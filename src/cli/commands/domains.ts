import { basename, resolve } from "node:path";
import type { Command } from "commander";
import type { Domain } from "../../engine/api";
import { collectTexts } from "../../engine/text/collect";
import { UsageError } from "../failure";
import { parseCount } from "../options";
import { checkWritable } from "../output";
import { domainsLines } from "../render/domains";
import { addRunOptions, type RunFlags } from "../run-options";
import { runDocument } from "../run-document";

interface DomainsFlags extends RunFlags {
  readonly samples: number;
  readonly contrast: boolean;
  readonly resume?: string;
}

export function addDomains(program: Command, signal: AbortSignal): void {
  addRunOptions(program.command("domains"))
    .summary("do texts of different kinds activate other parameters")
    .description(
      "Compares folders of texts (domains, languages): similarity per layer of texts of one folder and of two, with a permutation test, and the density of each.",
    )
    .argument("<folders...>", "two folders of text files or more")
    .option("--samples <n>", "the most texts of a folder; of more, evenly spaced ones are taken", parseCount(2), 64)
    .option("--no-contrast", "without contrast similarity")
    .option("--resume <file>", "keep how far the run is in this file, and go on with it where it is there")
    .action(async (folders: string[], flags: DomainsFlags) => {
      await domains(folders, flags, signal);
    });
}

async function domains(folders: readonly string[], flags: DomainsFlags, signal: AbortSignal): Promise<void> {
  const { threshold } = flags;
  if (threshold.mode === "absolute")
    throw new UsageError(
      "domains takes the strongest share of each domain, not an absolute threshold",
      "Write --threshold 10%.",
    );
  if (flags.text !== undefined) throw new UsageError("domains takes no --text", "Name folders of text files.");
  if (folders.length < 2) throw new UsageError("domains needs two folders at least", "Name another one.");
  for (const path of [flags.output, flags.resume]) if (path !== undefined) await checkWritable(path);
  const { read, notes } = await readDomains(folders);

  await runDocument(flags, signal, {
    run: (_, engine, options) =>
      engine.domains({
        ...options,
        domains: read,
        maxTexts: flags.samples,
        window: flags.window,
        share: threshold.share,
        contrast: flags.contrast,
        seed: flags.seed,
        resume: flags.resume,
        notes,
      }),
    lines: domainsLines,
  });
}

/** A folder is known by its own name, or by its path where two have the same. */
async function readDomains(folders: readonly string[]): Promise<{ read: Domain[]; notes: string[] }> {
  const names = folders.map((folder) => basename(resolve(folder)));
  const notes: string[] = [];
  const read: Domain[] = [];
  for (const [i, path] of folders.entries()) {
    const collected = await collectTexts([{ kind: "path", path }]);
    const isUnique = names.filter((name) => name === names[i]).length === 1;
    read.push({ name: isUnique ? names[i] : path, texts: collected.texts });
    notes.push(...collected.notes);
  }
  return { read, notes };
}
