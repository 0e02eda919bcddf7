import { collectTexts, type TextCollection, type TextInput } from "../engine/text/collect";
import { readStream } from "../engine/text/read";
import { formSamples } from "../engine/text/form-samples";
import type { Text } from "../engine/text/text";
import type { SampleSet } from "../engine/text/sample";
import type { Model } from "../engine/api";
import { UsageError } from "./failure";
import type { RunFlags } from "./run-options";
import { inputStream } from "./terminal/descriptors";

/** Texts from operands (`-` is standard input) and then from `--text`. */
export async function readTexts(operands: readonly string[], texts: readonly string[]): Promise<TextCollection> {
  if (operands.filter((operand) => operand === "-").length > 1)
    throw new UsageError("Standard input is named twice, and can be read once", "Name it once.");
  const inputs: TextInput[] = operands.map((operand) =>
    operand === "-" ? { kind: "standard-input", read: readStandardInput } : { kind: "path", path: operand },
  );
  texts.forEach((text, index) => inputs.push({ kind: "text", source: `text ${index + 1}`, text }));
  return await collectTexts(inputs);
}

/** The one text of a path. @throws UsageError where it holds several. */
export async function oneText(path: string): Promise<Text> {
  const { texts } = await readTexts([path], []);
  const [text] = texts;
  if (text === undefined || texts.length > 1)
    throw new UsageError(`${path} holds ${texts.length} texts`, "Name one file to evaluate.");
  return text;
}

/** The samples of collected texts; what was left out on either way is in the notes. */
export function sampleSetOf({ texts, notes }: TextCollection, model: Model, flags: RunFlags): SampleSet {
  const set = formSamples(texts, model.tokenizer, {
    window: flags.window,
    maxSamples: flags.maxSamples,
    context: model.context,
    chat: flags.chat,
  });
  return { ...set, notes: [...notes, ...set.notes] };
}

async function readStandardInput(): Promise<Buffer> {
  return await readStream(inputStream(), "Standard input");
}
