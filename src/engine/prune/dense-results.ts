import { createHash } from "node:crypto";

import type { Model } from "../model/model";
import type { RuntimeWish } from "../runtime/runtime";

/** The largest hidden states that are kept: those of 16 windows of 512 tokens, of a model of 7 billion parameters. */
const MOST_BYTES = 2 ** 27;

/** The model that ran, and what computed. */
type Run = RuntimeWish & { readonly model: Model };

/**
 * What a model made of the last texts before it was pruned. Handed from run to run it spares every other pruning of that model
 * to run the dense one again: hidden states are kept rather than perplexities, since divergence needs every token's logits.
 */
export class DenseResults {
  /** The hidden states behind the last block at every position that predicts a token of the evaluated windows, `[positions, hidden]`. */
  readonly states = new LastResult<Float32Array>();
  /** How the prompt was continued. */
  readonly continuation = new LastResult<string>();

  /** Whether hidden states of so many bytes are kept. */
  static keeps(bytes: number): boolean {
    return bytes <= MOST_BYTES;
  }
}

/** One result, found by the model object and the ids that it was made with; it goes when the model does. */
export class LastResult<Value> {
  #kept = new WeakMap<Model, { readonly key: string; readonly value: Value }>();

  find(run: Run, texts: readonly Int32Array[]): Value | undefined {
    const kept = this.#kept.get(run.model);
    return kept?.key === keyOf(run, texts) ? kept.value : undefined;
  }

  /** Keeps a result in the place of whatever was kept before, of any model. */
  keep(run: Run, texts: readonly Int32Array[], value: Value): void {
    this.#kept = new WeakMap([[run.model, { key: keyOf(run, texts), value }]]);
  }

  forget(): void {
    this.#kept = new WeakMap();
  }
}

/** What tells one run from another: another runtime, or another number of threads, may round otherwise. */
function keyOf({ runtime, provider, backend, tensorflowFolder, threads }: Run, texts: readonly Int32Array[]): string {
  const hash = createHash("sha256");
  hash.update(JSON.stringify([runtime, provider, backend, tensorflowFolder, threads, texts.map((ids) => ids.length)]));
  for (const ids of texts) hash.update(new Uint8Array(ids.buffer, ids.byteOffset, ids.byteLength));
  return hash.digest("hex");
}
