import { type Command, InvalidArgumentError, Option } from "commander";
import type {
  AskedTasks,
  Model,
  RunOptions,
  ShrinkAmount,
  ShrinkRequest,
  ShrinkWay,
  Structure,
} from "../../engine/api";
import { SHRINK_WAYS, STRUCTURES, waysFor } from "../../engine/shrink/options";
import { defaults } from "../../engine/run/defaults";
import type { TextCollection } from "../../engine/text/collect";
import type { Text } from "../../engine/text/text";
import { listed } from "../../format/claims";
import { readPart } from "../../format/quantities";
import { checkOutputs } from "../check-outputs";
import { UsageError } from "../failure";
import { oneText, readTexts, sampleSetOf } from "../inputs";
import { parseCount } from "../options";
import { shrinkLines } from "../render/shrink";
import { runDocument, type CarryOut } from "../run-document";
import { addRunOptions, type RunFlags } from "../run-options";
import { askedTasks, checkQuestions, questionsOption, tasksOption, untilDecidedOption, type TaskFlags } from "../tasks";

interface ShrinkFlags extends RunFlags, TaskFlags {
  readonly layers?: number;
  readonly neurons?: ShrinkAmount;
  readonly heads?: ShrinkAmount;
  readonly experts?: ShrinkAmount;
  readonly by: ShrinkWay;
  readonly steps?: number;
  readonly evaluate?: string;
  readonly windows: number;
  readonly compare?: readonly ShrinkWay[] | "all";
  readonly curve?: readonly ShrinkAmount[];
  readonly prompt?: string;
  readonly export?: string;
  readonly gguf?: string;
  readonly force?: boolean;
}

export function addShrink(program: Command, signal: AbortSignal, carryOut: CarryOut = runDocument): void {
  const command = addRunOptions(program.command("shrink"))
    .summary("which layers, neurons, heads or experts can go")
    .description(
      "Takes layers, neurons, heads or experts out of a model wholly, without training, so that it gets smaller and faster: those that calibration texts activate the least. Says what that costs, and how fast what is left is.",
    )
    .argument("[calibration...]", "calibration: text files, folders of text files, or - for standard input")
    .option("--layers <n>", "so many layers go", parseCount(1))
    .option("--neurons <share>", "that share of each layer's feed-forward neurons goes: 20%", parseAmount)
    .option(
      "--heads <share>",
      "that share of each layer's heads goes: 25%; heads that share keys go together",
      parseAmount,
    )
    .option("--experts <share>", "that share of each layer's experts goes: 25%", parseAmount)
    .addOption(
      new Option("--by <way>", "what says which go; perplexity is of layers alone")
        .choices(SHRINK_WAYS)
        .default("activation"),
    )
    .option(
      "--steps <n>",
      "go in so many steps, each measured without what is gone (default: one for each layer, else 4)",
      parseCount(1),
    )
    .option("--evaluate <file>", "measure what it costs on this text, which is not to be one of the calibration's")
    .option(
      "--windows <n>",
      "the most windows of it that are taken, the first",
      parseCount(1),
      defaults.changed.windows,
    )
    .option(
      "--compare <ways>",
      `also take out as much by other ways, and measure it: all, or some of ${SHRINK_WAYS.join(",")}`,
      parseWays,
    )
    .option(
      "--curve <amounts>",
      "also measure other amounts: of layers 1,2,4,6, else shares, 10%,20%,30%",
      parseAmounts,
    )
    .addOption(tasksOption())
    .addOption(questionsOption())
    .addOption(untilDecidedOption())
    .option("--prompt <text>", "let the dense and the shrunk model continue this")
    .option("--export <folder>", "write the shrunk model as transformers loads it")
    .option("--gguf <file>", "write the shrunk model as a GGUF file, as llama.cpp loads it")
    .option("--force", "replace what an earlier export wrote there");
  command.action(async (operands: string[], flags: ShrinkFlags) => {
    if (command.getOptionValueSource("threshold") === "cli")
      throw new UsageError(
        "shrink has no threshold: what goes wholly counts by the sum of its weights' activations",
        "Leave --threshold out.",
      );
    await shrink(operands, flags, signal, carryOut);
  });
}

async function shrink(
  operands: readonly string[],
  flags: ShrinkFlags,
  signal: AbortSignal,
  carryOut: CarryOut,
): Promise<void> {
  const taken = checkFlags(operands, flags);
  await checkOutputs(
    flags,
    [...operands, flags.evaluate, flags.tasks].filter((path) => path !== undefined),
  );
  const texts = await readTexts(operands, flags.text ?? []);
  const evaluation = flags.evaluate === undefined ? undefined : await oneText(flags.evaluate);
  const tasks = await askedTasks(flags);
  const inputs = { texts, evaluation, tasks };
  await carryOut(flags, signal, {
    name: "shrink",
    run: (model, engine, options) => engine.shrink(requestOf(inputs, taken, flags, model, options)),
    estimate: (model, engine, options) => engine.estimateShrinking(requestOf(inputs, taken, flags, model, options)),
    lines: shrinkLines,
  });
}

/** What is to go. */
interface Taken {
  readonly structure: Structure;
  readonly amount: ShrinkAmount;
}

/** @throws UsageError where an option has no meaning here. */
function checkFlags(operands: readonly string[], flags: ShrinkFlags): Taken {
  const asked = STRUCTURES.flatMap((structure): Taken[] => {
    const amount = flags[structure];
    if (amount === undefined) return [];
    return [{ structure, amount: typeof amount === "number" ? { kind: "count", count: amount } : amount }];
  });
  const [taken, ...others] = asked;
  if (taken === undefined)
    throw new UsageError(
      "It is not said what is to go",
      "Write --layers 2, --neurons 20%, --heads 25% or --experts 25%.",
    );
  if (others.length > 0)
    throw new UsageError(
      `${listed(asked.map(({ structure }) => `--${structure}`))} cannot go at once: what the one costs depends on the other`,
      "Take out one, export what is left, and shrink that.",
    );
  if (operands.length + (flags.text?.length ?? 0) === 0)
    throw new UsageError(
      "There is no calibration text: what goes depends on what texts activate",
      "Name files or folders of the kind that the model is for.",
    );
  const ways = flags.compare === "all" ? [flags.by] : [flags.by, ...(flags.compare ?? [])];
  const missing = ways.find((way) => !waysFor(taken.structure).includes(way));
  if (missing !== undefined)
    throw new UsageError(
      `${taken.structure} are not chosen by ${missing}: that takes a pass through the model for each of them`,
      `Choose by ${listed(waysFor(taken.structure), "or")}.`,
    );
  if (flags.force === true && (flags.export ?? flags.gguf) === undefined)
    throw new UsageError(
      "Nothing is written that --force could replace",
      "Name a folder with --export, or a file with --gguf.",
    );
  checkQuestions(flags);
  const alone = (["compare", "curve"] as const).find((option) => flags[option] !== undefined);
  if (flags.evaluate === undefined && alone !== undefined)
    throw new UsageError(`--${alone} measures on a text, and none is given`, "Name one with --evaluate.");
  const kind = taken.structure === "layers" ? "count" : "share";
  if (flags.curve?.some((amount) => amount.kind !== kind))
    throw new UsageError(
      kind === "count" ? "Layers go by their number" : `${taken.structure} go by their share`,
      kind === "count" ? "Write --curve 1,2,4,6." : "Write --curve 10%,20%,30%.",
    );
  return taken;
}

/** What a shrinking reads. */
interface Inputs {
  readonly texts: TextCollection;
  readonly evaluation: Text | undefined;
  readonly tasks: AskedTasks | undefined;
}

function requestOf(
  { texts, evaluation, tasks }: Inputs,
  taken: Taken,
  flags: ShrinkFlags,
  model: Model,
  options: RunOptions,
): ShrinkRequest {
  const { by, steps, seed, windows, window, prompt, force = false } = flags;
  const compared = flags.compare === "all" ? waysFor(taken.structure) : flags.compare;
  return {
    ...options,
    ...taken,
    set: sampleSetOf(texts, model, flags),
    by,
    seed,
    ...(steps !== undefined && { steps }),
    ...(evaluation && { evaluation: { text: evaluation, windows, window: Math.min(window, defaults.changed.window) } }),
    ...(compared && { compared }),
    ...(flags.curve && { curve: flags.curve }),
    ...(tasks && { tasks }),
    ...(prompt !== undefined && { prompt }),
    ...(flags.export !== undefined && { exportTo: { folder: flags.export, force } }),
    ...(flags.gguf !== undefined && { ggufTo: { file: flags.gguf, force } }),
  };
}

/** A share of them, `20%`, or `0.2`. */
export function parseAmount(text: string): ShrinkAmount {
  const share = readPart(text);
  if (share !== undefined) return { kind: "share", share };
  throw new InvalidArgumentError("Write a share between nothing and all: 20%.");
}

/** `1,2,4,6` or `10%,20%,30%` */
function parseAmounts(text: string): ShrinkAmount[] {
  return text.split(",").map((one) => {
    const share = readPart(one);
    if (share !== undefined) return { kind: "share", share };
    if (/^\s*[1-9]\d*\s*$/.test(one)) return { kind: "count", count: Number(one) };
    throw new InvalidArgumentError(
      "Write numbers of layers, 1,2,4,6, or shares, 10%,20%,30%, with commas between them.",
    );
  });
}

function parseWays(text: string): readonly ShrinkWay[] | "all" {
  if (text === "all") return "all";
  const names = [...new Set(text.split(",").map((name) => name.trim()))];
  const found = names.map((name) => SHRINK_WAYS.find((way) => way === name));
  if (found.every((way) => way !== undefined)) return found;
  throw new InvalidArgumentError(`Write all, or some of ${SHRINK_WAYS.join(", ")}, with commas between them.`);
}
