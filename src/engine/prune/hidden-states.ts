import type { Model } from "../model/model";
import type { Runtime } from "../runtime/runtime";
import { checkIds, formBatches } from "../sweep/batch";
import { BlockRunner } from "../sweep/block-runner";
import { embed } from "../sweep/embedding";
import type { Profiler } from "../sweep/profiler";

/** Positions of a batch, as in a sweep. */
export const BATCH_POSITIONS = 2048;

export interface ForwardRequest {
  readonly model: Model;
  readonly runtime: Runtime;
  readonly profiler: Profiler;
  /** Per text. */
  readonly ids: readonly Int32Array[];
  readonly signal?: AbortSignal;
}

/**
 * All texts through all blocks, block by block: weights are read once. Yields the number of blocks done.
 * @returns per text the hidden states behind the last block, `[ids, hidden]`
 * @throws ParamscopeError when an id is not of the vocabulary; the signal's reason when aborted.
 */
export async function* lastHiddenStates(request: ForwardRequest): AsyncGenerator<number, Float32Array[], void> {
  const { model, runtime, profiler, ids, signal } = request;
  for (const each of ids) checkIds(each, model.vocabularySize, "The text");
  const batches = formBatches(
    ids.map(({ length }) => length),
    BATCH_POSITIONS,
    [],
  );
  const blocks = new BlockRunner(model, runtime, profiler);
  try {
    const states: Float32Array[] = [];
    for (const batch of batches) states.push(await profiler.time("embedding", () => embed(model, ids, batch)));
    let spare: Float32Array = new Float32Array(0);
    for (let layer = 0; layer < model.layers; layer++) {
      signal?.throwIfAborted();
      await blocks.load(layer);
      for (const [b, { samples, tokens }] of batches.entries()) {
        signal?.throwIfAborted();
        const output = spare.length === states[b].length ? spare : new Float32Array(states[b].length);
        await blocks.forward(states[b], { samples: samples.length, tokens, positions: undefined }, output);
        spare = states[b];
        states[b] = output;
      }
      yield layer + 1;
    }
    const last: Float32Array[] = [];
    batches.forEach(({ samples, tokens }, b) => {
      samples.forEach((sample, i) => {
        const from = i * tokens * model.hiddenSize;
        last[sample] = states[b].slice(from, from + ids[sample].length * model.hiddenSize);
      });
    });
    return last;
  } finally {
    await blocks.dispose();
  }
}
