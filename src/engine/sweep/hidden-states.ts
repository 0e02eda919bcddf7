import type { Model } from "../model/model";
import { elementAt, zip } from "../numbers/elements";
import type { Runtime } from "../runtime/runtime";
import { checkIds, formBatches, type Batch } from "./batch";
import type { BlockBatch } from "./block-batch";
import { BlockRunner } from "./block-runner";
import { Embedding } from "./embedding";
import { LentStates } from "./lent-states";
import { allPositions } from "./passing-batch";
import type { Profiler } from "./profiler";

/** The positions of a batch, as in a sweep. */
const BATCH_POSITIONS = 2048;

/** Texts that pass a block together, and where they are. */
export interface BatchStates {
  readonly batch: Batch;
  /** `[samples, tokens, hidden]` */
  states: Float32Array;
  /** What layers have lent to each other. */
  readonly lent: LentStates;
}

/** Texts on their way through the blocks, all of them one block at a time, so that weights are read once. */
export class HiddenStates {
  #spare: Float32Array = new Float32Array(0);
  /** Like lengths together; the texts of a batch are padded to its longest. */
  readonly batches: readonly BatchStates[];
  /** The ids of each text. */
  readonly #ids: readonly Int32Array[];
  readonly #signal: AbortSignal | undefined;

  private constructor(batches: readonly BatchStates[], ids: readonly Int32Array[], signal: AbortSignal | undefined) {
    this.batches = batches;
    this.#ids = ids;
    this.#signal = signal;
  }

  /** The texts in front of the first block. */
  static async embedded({ model, profiler, ids, signal }: Omit<ForwardRequest, "runtime">): Promise<HiddenStates> {
    const batches = formBatches(
      ids.map(({ length }) => length),
      BATCH_POSITIONS,
      [],
    );
    const embedding = new Embedding(model);
    const embedded: BatchStates[] = [];
    for (const batch of batches)
      embedded.push({
        batch,
        states: await profiler.time("embedding", () => embedding.states(ids, batch)),
        lent: new LentStates(),
      });
    return new HiddenStates(embedded, ids, signal);
  }

  /** What a block runs on, of a batch. */
  blockBatch({ batch, lent }: BatchStates): BlockBatch {
    return allPositions(batch, this.#ids, lent);
  }

  /** Takes all of them through the block that is loaded. */
  async pass(blocks: BlockRunner): Promise<void> {
    // experts are read once for all batches that pass together
    const together = blocks.block.experts.length > 0 ? [this.batches] : this.batches.map((one) => [one]);
    for (const entries of together) {
      this.#signal?.throwIfAborted();
      const passes = entries.map((entry) => {
        const { states } = entry;
        const [spare, length] = [this.#spare, states.length];
        this.#spare = new Float32Array(0);
        const output = spare.length === length ? spare : new Float32Array(length);
        return { hidden: states, batch: this.blockBatch(entry), output };
      });
      await blocks.forward(passes);
      for (const [entry, { hidden, output }] of zip(entries, passes)) {
        this.#spare = hidden;
        entry.states = output;
      }
    }
  }
}

/** Texts that a model reads, forward only. */
export interface ForwardRequest {
  readonly model: Model;
  readonly runtime: Runtime;
  readonly profiler: Profiler;
  /** The ids of each text. */
  readonly ids: readonly Int32Array[];
  readonly signal?: AbortSignal;
}

/**
 * Takes all texts through all blocks, block by block: weights are read once. Yields the number of blocks done.
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
    for (const { batch, states } of texts.batches)
      for (const [i, sample] of batch.samples.entries()) {
        const from = i * batch.tokens * model.hiddenSize;
        last[sample] = states.slice(from, from + elementAt(ids, sample).length * model.hiddenSize);
      }
    return last;
  } finally {
    await blocks.dispose();
  }
}
