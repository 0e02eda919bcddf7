import { join } from "node:path";

import { type Command, InvalidArgumentError, Option } from "commander";
import type { AskedTasks, QuantizeRequest, RunOptions, SizeWish, Way } from "../../engine/api";
import { ALL_FORMATS, DEFAULT_FORMATS, MIXTURES, WAYS, type FormatName } from "../../engine/quantize/options";
import { defaults } from "../../engine/run/defaults";
import type { TextCollection } from "../../engine/text/collect";
import type { NamedImatrix } from "../../engine/quantize/imatrix/merge";
import type { Text } from "../../engine/text/text";
import type { Model } from "../../engine/api";
import { readBytes } from "../../format/quantities";
import { oneText, readTexts, sampleSetOf } from "../inputs";
import { loadEngine } from "../engine";
import { checkOutputs, RECIPE_FILES } from "../check-outputs";
import { UsageError } from "../failure";
import { parseCount } from "../options";
import { bitsLines } from "../render/bits";
import { askedTasks, checkQuestions, questionsOption, tasksOption, untilDecidedOption, type TaskFlags } from "../tasks";
import { addRunOptions, type RunFlags } from "../run-options";
import { runDocument, type CarryOut } from "../run-document";

const [TYPES, IMATRIX] = RECIPE_FILES;

interface QuantizeFlags extends RunFlags, TaskFlags {
  readonly size: SizeWish;
  readonly by: Way;
  readonly formats?: readonly FormatName[];
  readonly evaluate?: string;
  readonly windows: number;
  readonly compare?: readonly Way[];
  readonly curve?: readonly number[];
  readonly prompt?: string;
  readonly gguf?: string;
  readonly recipe?: string;
  readonly imatrix?: string;
  readonly force?: boolean;
}

export function addQuantize(program: Command, signal: AbortSignal, carryOut: CarryOut = runDocument): void {
  const command = addRunOptions(program.command("quantize"))
    .summary("how many bits does each matrix need")
    .description(
      "Chooses a format of GGUF files for each matrix of a model, within a size: bits go where rounding costs the most of what calibration texts need. Says what that costs.",
    )
    .argument("[calibration...]", "calibration: text files, folders of text files, or - for standard input")
    .addOption(
      new Option(
        "--size <size>",
        "how large the weights may be: bits of a weight on the average, 4.5bpw; bytes, 300MB; or as large as llama.cpp's mixture would be, Q4_K_M",
      )
        .argParser(parseSize)
        .default({ kind: "bits", bits: 4.5, orLeast: true } satisfies SizeWish, "4.5bpw, or the least there is"),
    )
    .addOption(new Option("--by <way>", "what says which matrix gets more bits").choices(WAYS).default("sensitivity"))
    .option(
      "--formats <list>",
      `the formats to choose among, with commas between them (default: ${DEFAULT_FORMATS.join(",")})`,
      parseFormats,
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
      `also measure other ways of choosing at the same size: all, or some of ${WAYS.join(",")}`,
      parseWays,
    )
    .option("--curve <bits>", "also measure other sizes, in bits of a weight: 4,4.5,5,6", parseBits)
    .addOption(tasksOption())
    .addOption(questionsOption())
    .addOption(untilDecidedOption())
    .option("--prompt <text>", "let the dense and the quantised model continue this")
    .option("--gguf <file>", "write the quantised model as a GGUF file, as llama.cpp loads it")
    .option(
      "--recipe <folder>",
      "write what llama-quantize takes to make the same file: types.txt and imatrix.gguf; the command is printed",
    )
    .option("--imatrix <file>", "how much columns count, as llama.cpp has it (default: measured with the texts)")
    .option("--force", "replace files that are there");
  command.action(async (operands: string[], flags: QuantizeFlags) => {
    if (command.getOptionValueSource("threshold") === "cli")
      throw new UsageError(
        "quantize has no threshold: every weight counts by how much it matters",
        "Leave --threshold out.",
      );
    await quantize(operands, flags, signal, carryOut);
  });
}

async function quantize(
  operands: readonly string[],
  flags: QuantizeFlags,
  signal: AbortSignal,
  carryOut: CarryOut,
): Promise<void> {
  checkFlags(operands, flags);
  await checkOutputs(
    flags,
    [...operands, flags.evaluate, flags.imatrix, flags.tasks].filter((path) => path !== undefined),
  );
  const texts = await readTexts(operands, flags.text ?? []);
  const evaluation = flags.evaluate === undefined ? undefined : await oneText(flags.evaluate);
  const imatrix =
    flags.imatrix === undefined
      ? undefined
      : { name: flags.imatrix, imatrix: await (await loadEngine()).readImatrix(flags.imatrix) };
  const tasks = await askedTasks(flags);
  const inputs = { texts, evaluation, imatrix, tasks };
  await carryOut(flags, signal, {
    name: "quantize",
    run: (model, engine, options) => engine.quantize(requestOf(inputs, flags, model, options)),
    estimate: (model, engine, options) => engine.estimateQuantizing(requestOf(inputs, flags, model, options)),
    lines: bitsLines,
  });
}

/** @throws UsageError where an option has no meaning here. */
function checkFlags(operands: readonly string[], flags: QuantizeFlags): void {
  if (flags.target !== undefined || flags.answer !== undefined)
    throw new UsageError(
      "quantize asks for what rounding does to the loss of the texts, or to the spread of predictions",
      "Leave --target and --answer out; --by says which.",
    );
  if (operands.length + (flags.text?.length ?? 0) === 0)
    throw new UsageError(
      "There is no calibration text: what a matrix is worth depends on what texts need",
      "Name files or folders of the kind that the model is for.",
    );
  if (flags.force === true && (flags.gguf ?? flags.recipe) === undefined)
    throw new UsageError(
      "Nothing is written that --force could replace",
      "Name a file with --gguf, or a folder with --recipe.",
    );
  checkQuestions(flags);
  const alone = (["compare", "curve"] as const).find((option) => flags[option] !== undefined);
  if (flags.evaluate === undefined && alone !== undefined)
    throw new UsageError(`--${alone} measures on a text, and none is given`, "Name one with --evaluate.");
}

/** What a quantisation reads. */
interface Inputs {
  readonly texts: TextCollection;
  readonly evaluation: Text | undefined;
  readonly imatrix: NamedImatrix | undefined;
  readonly tasks: AskedTasks | undefined;
}

function requestOf(
  { texts, evaluation, imatrix, tasks }: Inputs,
  flags: QuantizeFlags,
  model: Model,
  options: RunOptions,
): QuantizeRequest {
  const { by, size, formats, windows, window, compare, curve, prompt, force = false } = flags;
  return {
    ...options,
    set: sampleSetOf(texts, model, flags),
    by,
    size,
    formats,
    evaluation: evaluation && { text: evaluation, windows, window: Math.min(window, defaults.changed.window) },
    ...((compare ?? curve) && { compared: { ways: compare ?? [], bits: curve ?? [] } }),
    prompt,
    ...(imatrix && { imatrix }),
    ...(tasks && { tasks }),
    ...(flags.gguf !== undefined && { exportTo: { file: flags.gguf, force } }),
    ...(flags.recipe !== undefined && {
      recipeTo: {
        types: { file: join(flags.recipe, TYPES), force },
        imatrix: { file: join(flags.recipe, IMATRIX), force },
      },
    }),
  };
}

/** `4.5bpw`, `4.5`, `300MB`, `Q4_K_M` */
export function parseSize(text: string): SizeWish {
  const mixture = MIXTURES.find((name) => name.toLowerCase() === text.toLowerCase());
  if (mixture) return { kind: "mixture", mixture };
  const bits = /^(\d+(?:\.\d+)?)\s*(?:bpw|bits?)?$/i.exec(text)?.[1];
  if (bits !== undefined && Number(bits) > 0 && Number(bits) <= 32) return { kind: "bits", bits: Number(bits) };
  const bytes = bits === undefined ? readBytes(text) : undefined;
  if (bytes !== undefined) return { kind: "bytes", bytes };
  throw new InvalidArgumentError(
    `Write bits of a weight, 4.5bpw, a size, 300MB, or a mixture of llama.cpp: ${MIXTURES.join(", ")}.`,
  );
}

function parseFormats(text: string): FormatName[] {
  const names = [...new Set(text.split(",").map((name) => name.trim().toUpperCase()))];
  const found = names.map((name) => ALL_FORMATS.find((format) => format === name));
  if (found.every((format) => format !== undefined)) return found;
  throw new InvalidArgumentError(`Write some of ${ALL_FORMATS.join(", ")}, with commas between them.`);
}

function parseWays(text: string): Way[] {
  if (text === "all") return [...WAYS];
  const names = [...new Set(text.split(",").map((name) => name.trim()))];
  const found = names.map((name) => WAYS.find((way) => way === name));
  if (found.every((way) => way !== undefined)) return found;
  throw new InvalidArgumentError(`Write all, or some of ${WAYS.join(", ")}, with commas between them.`);
}

function parseBits(text: string): number[] {
  const bits = text.split(",").map((one) => (/^\s*\d+(\.\d+)?\s*$/.test(one) ? Number(one) : NaN));
  if (bits.every((one) => one > 0 && one <= 32)) return [...new Set(bits)].sort((a, b) => a - b);
  throw new InvalidArgumentError("Write bits of a weight with commas between them: 4,4.5,5,6.");
}
