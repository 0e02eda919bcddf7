import type { Model } from "../model/model";
import { concatenate } from "../sweep/concatenate";
import { Vocabulary } from "../sweep/vocabulary";
import { lastHiddenStates, type ForwardRequest } from "../sweep/hidden-states";
import { comparePredictions, type PredictionRows, type TwoModelStates } from "./predictions";
import type { PruneEvents } from "./run-parts";
import { type EvaluatedWindows, evaluatedWindows } from "./window-losses";

/** Two models that are evaluated on the same windows. */
export interface EvaluateRequest extends Omit<ForwardRequest, "model"> {
  readonly dense: Model;
  readonly pruned: Model;
  /** The dense model's `predictingStates`, where they are known. */
  readonly known?: Float32Array;
}

/** The share of an evaluation's time that the blocks take; the rest is the vocabulary's. */
const BLOCKS = 0.9;

/**
 * How much of the dense model's predictions pruning keeps, on windows of a text.
 * @returns it per window and of all, with the dense model's `predictingStates`.
 */
export async function* evaluate({
  dense,
  pruned,
  known,
  ...request
}: EvaluateRequest): PruneEvents<{ readonly evaluated: EvaluatedWindows; readonly states: Float32Array }> {
  const models = known === undefined ? 2 : 1;
  const states = known ?? (yield* predictingStates({ ...request, model: dense }, 0, models));
  const other = yield* predictingStates({ ...request, model: pruned }, models - 1, models);
  const rows = await comparedStates({ ...request, model: dense }, states, other);
  return { evaluated: evaluatedWindows(rows, request.ids), states };
}

/**
 * The hidden states behind the last block at every position that predicts a token, window after window.
 * @param number of the models that are evaluated one after the other, of which there are `count`.
 */
export async function* predictingStates(
  request: ForwardRequest,
  number: number,
  count: number,
): PruneEvents<Float32Array> {
  const { layers, hiddenSize } = request.model;
  const run = lastHiddenStates(request);
  let step = await run.next();
  for (; !step.done; step = await run.next())
    yield {
      type: "progress",
      phase: "evaluate",
      done: number * layers + step.value,
      layers: count * layers,
      share: (BLOCKS * (number + step.value / layers)) / count,
      secondsLeft: undefined,
    };
  // the last position predicts nothing
  return concatenate(step.value.map((hidden) => hidden.subarray(0, hidden.length - hiddenSize)));
}

/**
 * Compares two models at their predicting positions, `dense` and `changed` as `predictingStates` gives them.
 * @param other the changed model, where its head is another too.
 */
export async function comparedStates(
  request: ForwardRequest,
  dense: Float32Array,
  changed: Float32Array,
  other?: Model,
): Promise<PredictionRows> {
  const following = request.ids.flatMap((window) => [...window.subarray(1)]);
  return await comparedAt(request, { own: dense, other: changed }, following, other);
}

/** The same at any positions that predict a token, those that follow them given. */
export async function comparedAt(
  { model, runtime, profiler, signal }: Omit<ForwardRequest, "ids">,
  states: TwoModelStates,
  following: readonly number[],
  other?: Model,
): Promise<PredictionRows> {
  const vocabulary = new Vocabulary({ model, runtime, profiler });
  const separate = other && {
    vocabulary: new Vocabulary({ model: other, runtime, profiler }),
    definition: other.definition,
    tokens: other.vocabularySize,
  };
  try {
    return await comparePredictions(model, vocabulary, states, following, signal, separate);
  } finally {
    await vocabulary.dispose();
    await separate?.vocabulary.dispose();
  }
}
