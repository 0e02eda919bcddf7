import type { PruneMethod } from "../api";
import type { Model } from "../model/model";
import type { Runtime } from "../runtime/runtime";
import type { HeadResult } from "../sweep/head";
import type { SampleSet } from "../text/sample";
import { version } from "../version";
import type { PruningDocument } from "./pruning";
import type { ModelDescription, RunDescription, SampleDescription } from "./shared";

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
  sparsity,
  pattern,
  share,
}: PruneMethod): Pick<PruningDocument, keyof PruneMethod> {
  return {
    criterion,
    allocation: pattern === undefined ? allocation : "uniform",
    sparsity: pattern === undefined ? sparsity : pattern.pruned / pattern.of,
    pattern: pattern === undefined ? null : { ...pattern },
    share,
  };
}

/** @param notes what was left out beside what the sets say */
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
    threads: runtime.threads,
    windowsSkipped: sets.reduce((sum, { windowsSkipped }) => sum + windowsSkipped, 0),
    notes: [...runtime.notes, ...sets.flatMap(({ notes }) => notes), ...notes],
    ...(runtime.notes.length > 0 && { runtimeNotes: [...runtime.notes] }),
  };
}

/** `onnx` is ONNX Runtime on the processor; of all else it is said what of it computed. */
function runtimeName({ name, device }: Runtime): string {
  return name === "onnx" && device === "cpu" ? name : `${name} (${device})`;
}

/** The samples of a set, whose first is the run's sample number `first`. */
export function describeSamples(
  model: Model,
  set: SampleSet,
  heads: readonly HeadResult[],
  saliency: readonly Float32Array[],
  first: number,
): SampleDescription[] {
  const { tokenizer } = model;
  return set.samples.map((sample, i) => {
    const { value, token, probability, next } = heads[first + i];
    return {
      source: sample.source,
      text: sample.text,
      offset: sample.offset,
      targetToken: token === undefined ? null : { id: token, text: tokenizer.tokenText(token) },
      targetValue: value,
      targetProbability: probability ?? null,
      nextTokens: next.map(({ id, probability }) => ({ id, text: tokenizer.tokenText(id), probability })),
      tokens: Array.from(sample.ids, (id, t) => ({
        id,
        text: sample.starts[t] < 0 ? tokenizer.tokenText(id) : sample.text.slice(sample.starts[t], sample.ends[t]),
        start: sample.starts[t],
        end: sample.ends[t],
        saliency: saliency[first + i][t],
      })),
    };
  });
}
