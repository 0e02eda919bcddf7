import type { Command } from "commander";
import type { ExportTarget, PruneMethod, PruneRequest, RunOptions } from "../../engine/api";
import { isCalibrated } from "../../engine/prune/options";
import { defaults } from "../../engine/run/defaults";
import type { TextCollection } from "../../engine/text/collect";
import type { Text } from "../../engine/text/text";
import { readTexts } from "../inputs";
import { checkOutputs } from "../check-outputs";
import { UsageError } from "../failure";
import { addMethodOptions, allocationFile, methodOf, type MethodFlags } from "../method-options";
import { parseCount } from "../options";
import { pruningLines } from "../render/pruning";
import { askedTasks, checkQuestions, questionsOption, tasksOption, untilDecidedOption, type TaskFlags } from "../tasks";
import { addRunOptions, type RunFlags } from "../run-options";
import { runDocument, type CarryOut } from "../run-document";

interface PruneFlags extends RunFlags, MethodFlags, TaskFlags {
  readonly evaluate?: string;
  readonly windows: number;
  readonly prompt?: string;
  readonly export?: string;
  readonly masks?: string;
  readonly force?: boolean;
}

export function addPrune(program: Command, signal: AbortSignal, carryOut: CarryOut = runDocument): void {
  addMethodOptions(addRunOptions(program.command("prune")))
    .summary("which weights can go, and what does that cost")
    .description(
      "Removes the least important weights of a model, without training: what calibration texts activate decides. Says what that costs in perplexity.",
    )
    .argument("[calibration...]", "calibration: text files, folders of text files, or - for standard input")
    .option("--evaluate <file>", "measure the perplexity of this text, dense and pruned")
    .option("--windows <n>", "the most windows of it that are taken, the first", parseCount(1), defaults.windows)
    .addOption(tasksOption())
    .addOption(questionsOption())
    .addOption(untilDecidedOption())
    .option("--prompt <text>", "let the dense and the pruned model continue this")
    .option("--export <folder>", "write the pruned model as transformers loads it")
    .option("--masks <folder>", "write which weights went, a bit each")
    .option("--force", "replace what an earlier export wrote there")
    .action(async (operands: string[], flags: PruneFlags) => {
      await prune(operands, flags, signal, carryOut);
    });
}

async function prune(
  operands: readonly string[],
  flags: PruneFlags,
  signal: AbortSignal,
  carryOut: CarryOut,
): Promise<void> {
  await checkOutputs(
    flags,
    [...operands, flags.evaluate, flags.tasks, allocationFile(flags)].filter((path) => path !== undefined),
  );
  const method = await methodOf("prune", flags);
  const texts = await readPruneTexts(operands, flags, method);
  const tasks = await askedTasks(flags);
  await carryOut(flags, signal, {
    name: "prune",
    run: (_, engine, options) => engine.prune({ ...pruneRequest(texts, method, flags, options), tasks }),
    estimate: (_, engine, options) => engine.estimatePruning({ ...pruneRequest(texts, method, flags, options), tasks }),
    lines: pruningLines,
  });
}

/** The texts that a pruning is calibrated with and evaluated on. */
interface PruneTexts {
  readonly calibration: TextCollection;
  readonly evaluation: Text | undefined;
}

/**
 * Reads the texts of a pruning.
 * @throws UsageError where an option has no meaning here.
 */
async function readPruneTexts(
  operands: readonly string[],
  flags: PruneFlags,
  method: PruneMethod,
): Promise<PruneTexts> {
  if (flags.force === true && flags.export === undefined && flags.masks === undefined)
    throw new UsageError("Nothing is exported that --force could replace", "Name a folder with --export or --masks.");
  checkQuestions(flags);
  if (operands.length + (flags.text?.length ?? 0) === 0 && isCalibrated(method))
    throw new UsageError(
      "There is no calibration text: what goes depends on what texts activate",
      "Name files or folders, or write --criterion magnitude --allocation uniform.",
    );
  const calibration = await readTexts(operands, flags.text ?? []);
  if (flags.evaluate === undefined) return { calibration, evaluation: undefined };
  const { texts } = await readTexts([flags.evaluate], []);
  if (texts.length !== 1)
    throw new UsageError(`${flags.evaluate} holds ${texts.length} texts`, "Name one file to evaluate.");
  return { calibration, evaluation: texts[0] };
}

function pruneRequest(
  { calibration, evaluation }: PruneTexts,
  method: PruneMethod,
  { window, windows, prompt, ...flags }: PruneFlags,
  options: RunOptions,
): PruneRequest {
  return {
    ...options,
    calibration: calibration.texts,
    ...method,
    window,
    evaluation: evaluation && { text: evaluation, windows, even: true },
    prompt,
    exportTo: targetOf(flags.export, flags),
    masksTo: targetOf(flags.masks, flags),
    notes: calibration.notes,
  };
}

function targetOf(folder: string | undefined, { force = false }: Pick<PruneFlags, "force">): ExportTarget | undefined {
  return folder === undefined ? undefined : { folder, force };
}
