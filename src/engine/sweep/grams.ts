import type { Batch } from "./batch";
import { Products } from "./reducers/products";

/**
 * Products of the scores of samples that stand in one *group*, all with all: what similarity is made of. Filled by a sweep,
 * per batch one matrix after the other; only sums per layer are kept.
 */
export class Grams {
  /** Per layer and batch `[groups, size, size]`. */
  readonly #plain = new Map<string, Float64Array>();
  readonly #contrast = new Map<string, Float64Array>();
  readonly #place = new Map<number, { readonly batch: number; readonly at: number }>();
  #batches: readonly Batch[] = [];

  /**
   * @param size samples of a group: a batch's samples are groups one after the other. undefined: the batch is one group.
   * @param background per sample of the run its part of the mean that contrast similarity is measured against, 1 in all;
   * undefined: no contrast.
   */
  constructor(
    readonly size: number | undefined,
    readonly background: readonly number[] | undefined,
  ) {}

  /** The sweep says how it cut the run. */
  begin(batches: readonly Batch[]): void {
    this.#batches = batches;
    batches.forEach(({ samples }, batch) => {
      if (this.size !== undefined && samples.length % this.size !== 0)
        throw new Error(`${samples.length} samples are no whole groups of ${this.size}`);
      samples.forEach((sample, at) => this.#place.set(sample, { batch, at }));
    });
  }

  /** Whether the mean of the background is known only after all batches have been seen. */
  get spansBatches(): boolean {
    return this.background !== undefined && this.#batches.length > 1;
  }

  sizeIn(batch: number): number {
    return this.size ?? this.#batches[batch].samples.length;
  }

  /** Adds a tile's products `[groups, size, size]`. */
  add(kind: "plain" | "contrast", layer: number, batch: number, products: Float32Array): void {
    const sums = kind === "plain" ? this.#plain : this.#contrast;
    const key = `${layer}/${batch}`;
    let sum = sums.get(key);
    if (sum === undefined) sums.set(key, (sum = new Float64Array(products.length)));
    for (let i = 0; i < products.length; i++) sum[i] += products[i];
  }

  /** @throws Error when the two are not in one group, or the layer has not come yet. */
  products(kind: "plain" | "contrast", layer: number, a: number, b: number): Products {
    const [one, other] = [this.#place.get(a), this.#place.get(b)];
    if (one === undefined || one.batch !== other?.batch) throw new Error("not in one batch");
    const size = this.sizeIn(one.batch);
    const group = Math.floor(one.at / size);
    if (group !== Math.floor(other.at / size)) throw new Error("not in one group");
    const sum = (kind === "plain" ? this.#plain : this.#contrast).get(`${layer}/${one.batch}`);
    if (sum === undefined) throw new Error(`layer ${layer} has not been swept`);
    const at = (i: number, j: number): number => sum[(group * size + (i % size)) * size + (j % size)];
    const products = new Products();
    products.ab = at(one.at, other.at);
    products.aa = at(one.at, one.at);
    products.bb = at(other.at, other.at);
    return products;
  }
}
