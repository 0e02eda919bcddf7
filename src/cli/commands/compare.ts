import type { Command } from "commander";
import type { CompareRequest, Model, RunOptions } from "../../engine/api";
import type { AnalysisDocument } from "../../engine/document/document";
import { restoreSamples, textNotes } from "../../engine/document/restore";
import { ParamscopeError } from "../../engine/errors";
import { elementAt } from "../../engine/numbers/elements";
import type { TextCollection } from "../../engine/text/collect";
import { shippedUnrelatedTexts } from "../../engine/text/shipped-samples";
import type { SampleSet } from "../../engine/text/sample";
import { MOST_TEMPLATE_TOKENS, ONE_WORD_TEMPLATE } from "../../engine/text/template";
import { checkOutputs } from "../check-outputs";
import { UsageError } from "../failure";
import { nameOfTexts } from "../../format/name-of-texts";
import { readTexts, sampleSetOf } from "../inputs";
import { comparisonLines } from "../render/comparison";
import { targetOf } from "../run";
import { runDocument, type CarryOut } from "../run-document";
import { locateModel } from "../../engine/model/library/resolve";
import { compareModels } from "./compare-models";
import { addDeepOption, addRunOptions, NO_TEMPLATE, parseTemplate, type RunFlags } from "../run-options";
import { readSavedAnalysis, savedResult } from "../saved";

export function addCompare(program: Command, signal: AbortSignal, carryOut: CarryOut = runDocument): void {
  addDeepOption(addRunOptions(program.command("compare")))
    .summary("do two texts activate the same parameters")
    .description(
      "Compares which parameters two texts, or two sets of texts, activate: similarity and overlap per layer and matrix. " +
        "With --model-b it runs one set of texts through two models, and says what of the weights was changed and used.",
    )
    .argument("[inputs...]", "two of: text file, folder of text files (all its texts), saved *.paramscope, -")
    .option(
      "--template <template>",
      `stands around each text, with {text} in its place; none: nothing (default: ${ONE_WORD_TEMPLATE}, if no text has more than ${MOST_TEMPLATE_TOKENS} tokens)`,
      parseTemplate,
    )
    .option("--model-b <model>", "compare two models instead: what --model was made into, tuned, quantized or pruned")
    .action(async (operands: string[], flags: CompareFlags) => {
      await compare(operands, flags, signal, carryOut);
    });
}

interface CompareFlags extends RunFlags {
  readonly template?: string;
  readonly modelB?: string;
}

/** A side of the comparison: texts, or a saved analysis of which the texts are run again. */
type Side = { readonly name: string } & (
  { readonly texts: TextCollection } | { readonly saved: AnalysisDocument; readonly path: string }
);

async function compare(
  operands: readonly string[],
  flags: CompareFlags,
  signal: AbortSignal,
  carryOut: CarryOut,
): Promise<void> {
  const { threshold, modelB } = flags;
  if (threshold.mode === "absolute") {
    throw new UsageError(
      "compare takes the strongest share of each matrix, not an absolute threshold",
      "Write --threshold 10%.",
    );
  }
  await checkOutputs(flags, operands);
  if (modelB !== undefined && flags.template !== undefined)
    throw new UsageError("Two models are compared on texts as they stand", "Leave --template out.");
  if (modelB !== undefined && flags.deep !== undefined)
    throw new UsageError(
      "Two models are compared layer by layer, without a mean of the deep ones",
      "Leave --deep out.",
    );
  if (modelB !== undefined) return compareModels(operands, { ...flags, modelB }, threshold.share, { signal, carryOut });
  const [a, b] = await readSides(operands, flags);
  const { model: modelPath, target } = await settingsOf(a, b, flags);
  const unrelated = await shippedUnrelatedTexts();
  const requestOf = async (model: Model, options: RunOptions): Promise<CompareRequest> => ({
    ...options,
    a: { name: a.name, set: await setOf(a, model, flags) },
    b: { name: b.name, set: await setOf(b, model, flags) },
    share: threshold.share,
    template: flags.template === NO_TEMPLATE ? null : flags.template,
    unrelated,
  });
  await carryOut(flags, signal, {
    name: "compare",
    model: modelPath,
    target,
    run: async function* (model, engine, options) {
      yield* engine.compare(await requestOf(model, options));
    },
    estimate: async (model, engine, options) => await engine.estimateComparison(await requestOf(model, options)),
    lines: comparisonLines,
  });
}

/** The two things to compare: operands first, then `--text`. */
async function readSides(operands: readonly string[], { text: texts = [] }: RunFlags): Promise<[Side, Side]> {
  const given = operands.length + texts.length;
  if (given !== 2) {
    throw new UsageError(
      given < 2 ? "compare needs two texts" : `compare takes two texts, not ${given}`,
      "Name two files, folders or saved results, or give --text twice.",
    );
  }
  if (operands.every((operand) => operand === "-") && operands.length === 2) {
    throw new UsageError("Standard input can be only one of the two", "Name a file for the other.");
  }
  const sides: Side[] = [];
  for (const operand of operands) {
    if (savedResult(operand)) sides.push({ name: operand, saved: await readSavedAnalysis(operand), path: operand });
    else {
      const collected = await readTexts([operand], []);
      sides.push({ name: operand === "-" ? nameOfTexts(collected.texts) : operand, texts: collected });
    }
  }
  const { texts: own, notes } = await readTexts([], texts);
  for (const text of own) sides.push({ name: text.source, texts: { texts: [text], notes } });
  return [elementAt(sides, 0), elementAt(sides, 1)];
}

/** The model and the target that both sides run with: what saved results were made with, unless the user says otherwise. */
async function settingsOf(
  a: Side,
  b: Side,
  flags: RunFlags,
): Promise<{ model: string | undefined; target: string | undefined }> {
  const saved = [a, b].flatMap((side) => ("saved" in side ? [side] : []));
  const documents = saved.map((side) => side.saved);
  const target =
    targetOf(flags) ??
    agreed(
      documents.map((document) => document.target),
      "target",
      "--target",
    );
  const path =
    flags.model ??
    agreed(
      documents.map(({ model }) => model.path),
      "model",
      "--model",
    );
  if (flags.model !== undefined || path === undefined) return { model: path, target };
  const model = await locateModel(path);
  if (model !== undefined) return { model, target };
  throw new ParamscopeError(
    `${elementAt(saved, 0).path} was made with the model ${path}, which is not there any more`,
    "Say with --model where it is now.",
  );
}

function agreed(values: readonly string[], what: string, option: string): string | undefined {
  const [first, second] = values;
  if (values.length < 2 || first === second) return values.at(0);
  throw new ParamscopeError(
    `The two results were made with another ${what} each (${first}, ${second})`,
    `Say with ${option} which one to run both with.`,
  );
}

async function setOf(side: Side, model: Model, flags: RunFlags): Promise<SampleSet> {
  if ("texts" in side) return sampleSetOf(side.texts, model, flags);
  const { saved } = side;
  if (saved.model.hash === (await model.identity())) return restoreSamples(saved);
  // Another model has other tokens: its samples are formed anew, of the texts.
  const texts = saved.samples.map(({ source, text }) => ({ source, text }));
  return sampleSetOf({ texts, notes: textNotes(saved.run) }, model, flags);
}
