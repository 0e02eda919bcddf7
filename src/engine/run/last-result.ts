import { createHash } from "node:crypto";

import type { Model } from "../model/model";
import type { RuntimeWish } from "../runtime/runtime";

/** The model that ran, and what computed. */
type Run = RuntimeWish & { readonly model: Model };

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
