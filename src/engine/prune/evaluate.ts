import type { Model } from "../model/model";
import type { Runtime } from "../runtime/runtime";
import { concatenate } from "../sweep/concatenate";
import type { Profiler } from "../sweep/profiler";
import { Vocabulary } from "../sweep/vocabulary";
import { lastHiddenStates } from "./hidden-states";
import { comparePredictions, type ComparedPredictions } from "./predictions";
import type { PruneEvents } from "./run-parts";

export interface EvaluateRequest {
  readonly dense: Model;
  readonly pruned: Model;
  /** Per window. */
  readonly ids: readonly Int32Array[];
  readonly runtime: Runtime;
  readonly profiler: Profiler;
  readonly signal?: AbortSignal;
}

/** How much of the dense model's predictions pruning keeps, on windows of a text. */
export async function* evaluate({ dense, pruned, ...request }: EvaluateRequest): PruneEvents<ComparedPredictions> {
  const { ids, runtime, profiler, signal } = request;
  const following = ids.flatMap((window) => [...window.subarray(1)]);
  const states: Float32Array[] = [];
  for (const [number, model] of [dense, pruned].entries()) {
    const run = lastHiddenStates({ ...request, model });
    let step = await run.next();
    for (; !step.done; step = await run.next())
      yield {
        type: "progress",
        phase: "evaluate",
        done: number * dense.layers + step.value,
        layers: 2 * dense.layers,
        share: (number + step.value / dense.layers) / 2.2,
        secondsLeft: undefined,
      };
    // the last position predicts nothing
    states.push(concatenate(step.value.map((hidden) => hidden.subarray(0, hidden.length - dense.hiddenSize))));
  }
  const vocabulary = new Vocabulary(dense, runtime, profiler);
  try {
    return await comparePredictions(dense, vocabulary, states[0], states[1], following, signal);
  } finally {
    await vocabulary.dispose();
  }
}
