import { createHash } from "node:crypto";

import type { PruneMethod } from "../api";
import type { Model } from "../model/model";
import type { Tokenizer } from "../model/tokenizer/tokenizer";
import { writtenText } from "../model/tokenizer/written-text";
import { elementAt } from "../numbers/elements";
import type { Runtime } from "../runtime/runtime";
import type { SweepResult } from "../sweep/sweep";
import type { Sample, SampleSet } from "../text/sample";
import { version } from "../version";
import type { PruningDocument } from "./pruning";
import type { ModelDescription, RunDescription, SampleDescription, SampleToken } from "./shared";

/** What a document says of the model that ran. */
export async function describeModel(model: Model): Promise<ModelDescription> {
  return {
    name: model.name,
    architecture: model.architecture,
    layers: model.layers,
    parameters: model.parameters,
    scored: model.scored,
    path: model.checkpoint.path,
    hash: await model.identity(),
  };
}

/** How a model is pruned; a pattern takes the same of every layer. */
export function describeMethod({
  criterion,
  allocation,
  strength,
  sparsities,
  sparsity,
  pattern,
  share,
}: PruneMethod): Pick<PruningDocument, keyof PruneMethod> {
  return {
    criterion,
    allocation: pattern === undefined ? allocation : "uniform",
    ...(pattern === undefined && strength !== undefined && { strength }),
    ...(pattern === undefined && sparsities && { sparsities: [...sparsities] }),
    sparsity: pattern === undefined ? sparsity : pattern.pruned / pattern.of,
    pattern: pattern === undefined ? null : { ...pattern },
    share,
  };
}

/**
 * What a document says of its run.
 * @param notes what was left out beside what the sets say.
 */
export function describeRun(
  runtime: Runtime,
  seconds: number,
  sets: readonly Pick<SampleSet, "windowsSkipped" | "notes">[],
  notes: readonly string[] = [],
): RunDescription {
  return {
    runtime: runtimeName(runtime),
    version,
    seconds,
    date: new Date().toISOString(),
    runtimeVersion: runtime.version,
    node: process.versions.node,
    threads: runtime.threads,
    windowsSkipped: sets.reduce((sum, { windowsSkipped }) => sum + windowsSkipped, 0),
    notes: [...runtime.notes, ...sets.flatMap(({ notes }) => notes), ...notes],
    ...(runtime.notes.length > 0 && { runtimeNotes: [...runtime.notes] }),
  };
}

/** The name of a runtime: `onnx` is ONNX Runtime on the processor; of all else it is said what of it computed. */
function runtimeName({ name, device }: Runtime): string {
  return name === "onnx" && device === "cpu" ? name : `${name} (${device})`;
}

/** Likely next tokens, as documents have them. */
export function describeNext(
  tokenizer: Tokenizer,
  next: readonly { readonly id: number; readonly probability: number }[],
): SampleDescription["nextTokens"] {
  return next.map(({ id, probability }) => ({ id, text: tokenizer.tokenText(id), probability }));
}

/** What a document says of the samples of a set, whose first is the sweep's sample number `first`. */
export function describeSamples(
  model: Model,
  set: Pick<SampleSet, "samples">,
  { heads, saliency }: Pick<SweepResult, "heads" | "saliency">,
  first = 0,
): SampleDescription[] {
  const { tokenizer } = model;
  return set.samples.map((sample, i) => {
    const { value, token, probability, next } = elementAt(heads, first + i);
    const saliencies = elementAt(saliency, first + i);
    return {
      source: sample.source,
      text: sample.text,
      offset: sample.offset,
      targetToken: token === undefined ? null : { id: token, text: tokenizer.tokenText(token) },
      ...(sample.answer !== undefined && {
        answer: { text: writtenText([...sample.ids.subarray(-sample.answer)], model), tokens: sample.answer },
      }),
      hash: createHash("sha256").update(sample.text).digest("hex"),
      targetValue: value,
      targetProbability: probability ?? null,
      nextTokens: describeNext(tokenizer, next),
      tokens: describeTokens(sample, tokenizer).map((described, t) => ({
        ...described,
        saliency: elementAt(saliencies, t),
      })),
    };
  });
}

/** The tokens of a sample, as its text has them; a special token as the vocabulary has it. */
export function describeTokens(
  { ids, starts, ends, text }: Sample,
  tokenizer: Tokenizer,
): Pick<SampleToken, "id" | "text" | "start" | "end">[] {
  return Array.from(ids, (id, t) => {
    const [start, end] = [elementAt(starts, t), elementAt(ends, t)];
    return { id, text: start < 0 ? tokenizer.tokenText(id) : text.slice(start, end), start, end };
  });
}
