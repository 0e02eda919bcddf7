import type { Model } from "../model/model";
import type { Runtime } from "../runtime/runtime";
import { checkIds, formBatches, type Batch } from "../sweep/batch";
import { BlockRunner } from "../sweep/block-runner";
import { embed } from "../sweep/embedding";
import type { Profiler } from "../sweep/profiler";

/** Positions of a batch, as in a sweep. */
const BATCH_POSITIONS = 2048;

/** Texts on their way through the blocks, all of them one block at a time, so that weights are read once. */
export class HiddenStates {
  #spare: Float32Array = new Float32Array(0);

  private constructor(
    /** Like lengths together; the texts of a batch are padded to its longest. */
    readonly batches: readonly Batch[],
    /** Per batch `[samples, tokens, hidden]`. */
    readonly states: Float32Array[],
    private readonly signal: AbortSignal | undefined,
  ) {}

  /** In front of the first block. */
  static async embedded({ model, profiler, ids, signal }: Omit<ForwardRequest, "runtime">): Promise<HiddenStates> {
    const batches = formBatches(
      ids.map(({ length }) => length),
      BATCH_POSITIONS,
      [],
    );
    const states: Float32Array[] = [];
    for (const batch of batches) states.push(await profiler.time("embedding", () => embed(model, ids, batch)));
    return new HiddenStates(batches, states, signal);
  }

  /** Takes all of them through the block that is loaded. */
  async pass(blocks: BlockRunner): Promise<void> {
    for (const [b, { samples, tokens }] of this.batches.entries()) {
      this.signal?.throwIfAborted();
      const { length } = this.states[b];
      const output = this.#spare.length === length ? this.#spare : new Float32Array(length);
      await blocks.forward(this.states[b], { samples: samples.length, tokens, positions: undefined }, output);
      this.#spare = this.states[b];
      this.states[b] = output;
    }
  }
}

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
  const blocks = new BlockRunner({ model, runtime, profiler });
  try {
    const texts = await HiddenStates.embedded(request);
    for (let layer = 0; layer < model.layers; layer++) {
      signal?.throwIfAborted();
      await blocks.load(layer);
      await texts.pass(blocks);
      yield layer + 1;
    }
    const last: Float32Array[] = [];
    texts.batches.forEach(({ samples, tokens }, b) => {
      samples.forEach((sample, i) => {
        const from = i * tokens * model.hiddenSize;
        last[sample] = texts.states[b].slice(from, from + ids[sample].length * model.hiddenSize);
      });
    });
    return last;
  } finally {
    await blocks.dispose();
  }
}
