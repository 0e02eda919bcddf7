import { basename, resolve } from "node:path";
import type { Command } from "commander";
import type { Domain, RunOptions } from "../../engine/api";
import { elementAt } from "../../engine/numbers/elements";
import { defaults } from "../../engine/run/defaults";
import { collectTexts } from "../../engine/text/collect";
import { checkOutputs } from "../check-outputs";
import { UsageError } from "../failure";
import { addMethodOptions, allocationFile, methodOf, methodOptions, type MethodFlags } from "../method-options";
import { parseCount } from "../options";
import { calibrationLines } from "../render/calibration";
import { domainsLines } from "../render/domains";
import { addDeepOption, addRunOptions, type RunFlags } from "../run-options";
import { runDocument, type CarryOut } from "../run-document";

interface DomainsFlags extends RunFlags, MethodFlags {
  readonly samples: number;
  readonly contrast: boolean;
  readonly resume?: string;
  readonly prune?: boolean;
  readonly windows: number;
  readonly pool?: string;
  readonly choose?: number;
}

export function addDomains(program: Command, signal: AbortSignal, carryOut: CarryOut = runDocument): void {
  const command = addDeepOption(addRunOptions(program.command("domains")))
    .summary("do texts of different kinds activate other parameters")
    .description(
      "Compares folders of texts (domains, languages): similarity per layer of texts of one folder and of two, with a permutation test, and the density of each. With --prune: which texts to calibrate pruning with for which.",
    )
    .argument("<folders...>", "two folders of text files or more; with --pool one")
    .option(
      "--samples <n>",
      "the most texts of a folder; of more, evenly spaced ones are taken",
      parseCount(2),
      defaults.maxSamples,
    )
    .option("--no-contrast", "without contrast similarity")
    .option("--resume <file>", "keep how far the run is in this file, and go on with it where it is there")
    .option("--prune", "prune with texts of each folder, and measure perplexity on held-out texts of each")
    .option(
      "--windows <n>",
      "the most windows of a folder's held-out texts; with --prune",
      parseCount(1),
      defaults.windows,
    )
    .option("--pool <folder>", "choose calibration texts for the folder of this one; with --prune")
    .option("--choose <n>", "how many of the pool: those most like the folder's", parseCount(1));
  addMethodOptions(command).action(async (folders: string[], flags: DomainsFlags) => {
    const given = (name: string): boolean => command.getOptionValueSource(name) === "cli";
    await (flags.prune
      ? pruned(folders, flags, given, signal, carryOut)
      : compared(folders, flags, given, signal, carryOut));
  });
}

async function compared(
  folders: readonly string[],
  flags: DomainsFlags,
  given: (name: string) => boolean,
  signal: AbortSignal,
  carryOut: CarryOut,
): Promise<void> {
  const { threshold } = flags;
  if (threshold.mode === "absolute")
    throw new UsageError(
      "domains takes the strongest share of each domain, not an absolute threshold",
      "Write --threshold 10%.",
    );
  refuse([...methodOptions, "windows", "pool", "choose"].filter(given), "says how to prune", "Add --prune.");
  checkFolders(folders, flags);
  await checkOutputs(flags, folders);
  const { read, notes } = await readDomains(folders);

  const asked = {
    domains: read,
    maxTexts: flags.samples,
    window: flags.window,
    share: threshold.share,
    contrast: flags.contrast,
    seed: flags.seed,
    resume: flags.resume,
    notes,
  };
  await carryOut(flags, signal, {
    name: "domains",
    run: (_, engine, options) => engine.domains({ ...options, ...asked }),
    estimate: (_, engine, options) => engine.estimateDomains({ ...options, ...asked }),
    lines: domainsLines,
  });
}

/** Says which calibration to prefer: of the folders' own, or chosen of a pool. */
async function pruned(
  folders: readonly string[],
  flags: DomainsFlags,
  given: (name: string) => boolean,
  signal: AbortSignal,
  carryOut: CarryOut,
): Promise<void> {
  const { pool, choose, windows, window, samples: maxTexts, seed } = flags;
  refuse(["contrast", "resume"].filter(given), "has no meaning with --prune", "Leave it out.");
  if ((pool === undefined) !== (choose === undefined))
    throw new UsageError("--pool and --choose belong together", "Write --pool DIR --choose 8.");
  if (pool !== undefined && folders.length > 1)
    throw new UsageError(
      `With --pool domains takes one folder, not ${folders.length}`,
      "Name that which the pruned model is for.",
    );
  if (pool === undefined) checkFolders(folders, flags);
  const all = pool === undefined ? folders : [...folders, pool];
  await checkOutputs(
    flags,
    [...all, allocationFile(flags)].filter((path) => path !== undefined),
  );
  const method = await methodOf("domains --prune", flags);
  const { read, notes } = await readDomains(all);

  const asked = { ...method, window, maxTexts, windows, notes };
  const studyOf = (options: RunOptions) => ({ ...options, ...asked, domains: read });
  const choiceOf = (options: RunOptions, choose: number) => ({
    ...options,
    ...asked,
    domain: elementAt(read, 0),
    pool: elementAt(read, 1),
    choose,
    seed,
  });
  await carryOut(flags, signal, {
    name: "domains",
    run: (_, engine, options) =>
      choose === undefined
        ? engine.calibrationStudy(studyOf(options))
        : engine.chooseCalibration(choiceOf(options, choose)),
    estimate: (_, engine, options) =>
      choose === undefined ? engine.estimateStudy(studyOf(options)) : engine.estimateChoice(choiceOf(options, choose)),
    lines: calibrationLines,
  });
}

function checkFolders(folders: readonly string[], { text }: DomainsFlags): void {
  if (text !== undefined) throw new UsageError("domains takes no --text", "Name folders of text files.");
  if (folders.length < 2) throw new UsageError("domains needs two folders at least", "Name another one.");
}

function refuse([name]: readonly string[], why: string, remedy: string): void {
  if (name === undefined) return;
  throw new UsageError(`--${name === "contrast" ? "no-contrast" : name} ${why}`, remedy);
}

/** Reads the texts of folders. Each is known by its own name, or by its path where two have the same. */
async function readDomains(folders: readonly string[]): Promise<{ read: Domain[]; notes: string[] }> {
  const named = folders.map((path) => ({ path, name: basename(resolve(path)) }));
  const notes: string[] = [];
  const read: Domain[] = [];
  for (const { path, name } of named) {
    const collected = await collectTexts([{ kind: "path", path }]);
    const isUnique = named.filter((other) => other.name === name).length === 1;
    read.push({ name: isUnique ? name : path, texts: collected.texts });
    notes.push(...collected.notes);
  }
  return { read, notes };
}
