import { basename, resolve } from "node:path";
import type { Command } from "commander";
import type { Domain } from "../../engine/api";
import { withSettings } from "../../engine/document/settings";
import { collectTexts } from "../../engine/text/collect";
import { UsageError } from "../failure";
import { parseCount } from "../options";
import { checkWritable, writeOut, writeWhole } from "../output";
import { domainsLines } from "../render/domains";
import { runningLayer } from "../render/running";
import { addRunOptions, type RunFlags } from "../run-options";
import { follow, profileLines, runOptions, withModel } from "../run";
import { Screen } from "../terminal/screen";

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
  const screen = new Screen(process.stdout, process.stderr, flags.quiet ?? false);
  const showLayers = !flags.json && !flags.quiet;
  const { read, notes } = await readDomains(folders);

  await withModel(flags.model, signal, async (model, engine) => {
    const run = engine.domains({
      ...runOptions(flags, model, engine, signal),
      domains: read,
      maxTexts: flags.samples,
      window: flags.window,
      share: threshold.share,
      contrast: flags.contrast,
      seed: flags.seed,
      resume: flags.resume,
      notes,
    });
    const result = await follow(run, screen, signal, (layer) => {
      if (showLayers) screen.print([runningLayer(layer)]);
    });
    const document = withSettings(result.document, model, flags);
    if (flags.output !== undefined) await writeWhole(flags.output, `${JSON.stringify(document)}\n`);
    if (flags.json) await writeOut(`${JSON.stringify(document)}\n`);
    else {
      screen.print([...(showLayers ? [""] : []), ...domainsLines(document, screen.style)]);
      for (const note of document.run.notes) screen.note(note);
    }
    if (flags.profile) process.stderr.write(`${profileLines(result.profile).join("\n")}\n`);
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
