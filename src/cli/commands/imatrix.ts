import type { Command } from "commander";
import type { TextCollection } from "../../engine/text/collect";
import type { Model } from "../../engine/api";
import type { Imatrix } from "../../engine/quantize/imatrix/imatrix";
import type { NamedImatrix } from "../../engine/quantize/imatrix/merge";
import { formatBytes } from "../../engine/numbers/bytes";
import { plural } from "../../engine/numbers/plural";
import { checkOutputs } from "../check-outputs";
import { loadEngine, type Engine } from "../engine";
import { UsageError } from "../failure";
import { readTexts, sampleSetOf } from "../inputs";
import { collect } from "../options";
import { writeOut } from "../output";
import { imatrixLines } from "../render/imatrix";
import { follow, runtimeWish, withModel } from "../run";
import { addMachineOptions, addSampleOptions, addTextOptions, type RunFlags } from "../run-options";
import { Screen } from "../terminal/screen";

interface ImatrixFlags extends RunFlags {
  readonly imatrix?: string[];
  readonly force?: boolean;
}

export function addImatrix(program: Command, signal: AbortSignal): void {
  addMachineOptions(addSampleOptions(addTextOptions(program.command("imatrix"))))
    .summary("which inputs of a model's matrices count, for whoever quantises it")
    .description(
      "Makes llama.cpp's importance matrix of calibration texts: how large what enters each column of a model's matrices is. llama-quantize and others take it by --imatrix. Without texts it shows what is in such files.",
    )
    .argument("[calibration...]", "calibration: text files, folders of text files, or - for standard input")
    .option("--imatrix <file>", "one that is there already, to be shown or added; may be repeated", collect)
    .option("-o, --output <file>", "write it as a GGUF file")
    .option("--force", "replace a file of that name")
    .option("--json", "print what is known of every tensor as one JSON document and nothing else")
    .option("-q, --quiet", "no progress, no notes")
    .action(async (operands: string[], flags: ImatrixFlags) => {
      await imatrix(operands, flags, signal);
    });
}

async function imatrix(operands: readonly string[], flags: ImatrixFlags, signal: AbortSignal): Promise<void> {
  const { imatrix: files = [], output, text = [] } = flags;
  const hasTexts = operands.length + text.length > 0;
  if (!hasTexts && files.length === 0)
    throw new UsageError(
      "There is neither a calibration text nor an importance matrix",
      "Name files or folders, or what to show with --imatrix.",
    );
  if (hasTexts && output === undefined)
    throw new UsageError("An importance matrix is made for a file", "Name one with --output.");
  if (flags.force === true && output === undefined)
    throw new UsageError("Nothing is written that --force could replace", "Name a file with --output.");
  await checkOutputs({ output }, operands);
  const screen = new Screen(flags.quiet ?? false);
  const texts = hasTexts ? await readTexts(operands, text) : undefined;
  const engine = await loadEngine();
  const known = await Promise.all(
    files.map(async (name): Promise<NamedImatrix> => ({ name, imatrix: await engine.readImatrix(name) })),
  );
  if (texts === undefined && flags.model === undefined) {
    if (output !== undefined) await engine.checkGgufOutput(output, [], flags.force ?? false);
    await finish(engine, known, flags, screen);
    return;
  }
  await withModel(flags.model, { output }, signal, async (model) => {
    if (output !== undefined) await engine.checkGgufOutput(output, [model.checkpoint.path], flags.force ?? false);
    const tensors = await engine.ggufTensors(model);
    for (const { name, imatrix: one } of known) {
      const { missing } = engine.importanceOfModel(name, one, tensors);
      const [first] = missing;
      if (first !== undefined)
        screen.note(
          `${name} says nothing of ${missing.length} ${plural(missing.length, "tensor", "tensors")} of the model, such as ${first}.`,
        );
    }
    const made =
      texts === undefined ? [] : [await calibrated(engine, model, { texts, operands, flags, screen, signal })];
    await finish(engine, [...known, ...made], flags, screen);
  });
}

interface Making {
  readonly texts: TextCollection;
  readonly operands: readonly string[];
  readonly flags: ImatrixFlags;
  readonly screen: Screen;
  readonly signal: AbortSignal;
}

/** What texts make of a model. */
async function calibrated(engine: Engine, model: Model, making: Making): Promise<NamedImatrix> {
  const { texts, operands, flags, screen, signal } = making;
  const { samples, notes } = sampleSetOf(texts, model, flags);
  const run = engine.collectImatrix({
    model,
    samples,
    datasets: operands.length > 0 ? operands : ["texts"],
    chunkSize: Math.min(flags.window, model.context),
    memory: flags.memory,
    signal,
    ...runtimeWish(flags),
  });
  const { imatrix: collected, notes: more } = await follow(run, screen, signal, () => undefined);
  for (const note of [...notes, ...more]) screen.note(note);
  return { name: "The texts", imatrix: collected };
}

/** Adds them up, writes the sum where that is asked for, and says what is in it. */
async function finish(
  engine: Engine,
  [first, ...others]: readonly NamedImatrix[],
  { output, json }: ImatrixFlags,
  screen: Screen,
): Promise<void> {
  if (first === undefined) throw new Error("there is an importance matrix, or texts");
  const all = engine.mergeImatrices([first, ...others]);
  const bytes = output === undefined ? undefined : await engine.writeImatrix(output, all);
  if (json) {
    await writeOut(`${JSON.stringify(asJson(engine, all))}\n`);
    return;
  }
  screen.print(imatrixLines({ ...all, chunks: engine.chunksOf(all) }, engine.layerStatistics(all), screen.style));
  if (output !== undefined && bytes !== undefined)
    screen.print(["", `Written to ${output} (${formatBytes(bytes)}); llama-quantize takes it by --imatrix.`]);
}

function asJson(engine: Engine, imatrix: Imatrix): object {
  return {
    datasets: imatrix.datasets,
    chunks: engine.chunksOf(imatrix),
    chunkSize: imatrix.chunkSize,
    layers: engine.layerStatistics(imatrix),
    tensors: engine.tensorStatistics(imatrix),
  };
}
