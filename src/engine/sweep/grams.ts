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
  readonly #place = new Map<number, { readonly batch: number; readonly group: number; readonly at: number }>();
  #batches: readonly Batch[] = [];

  /**
   * @param background per sample of the run its part of the mean that contrast similarity is measured against, 1 in all;
   * undefined: no contrast.
   */
  constructor(readonly background: readonly number[] | undefined) {}

  /** The sweep says how it cut the run. */
  begin(batches: readonly Batch[]): void {
    this.#batches = batches;
    batches.forEach(({ samples, groups }, batch) => {
      const size = this.sizeIn(batch);
      const count = samples.length / size;
      if (!Number.isInteger(count)) throw new Error(`${samples.length} samples are no whole groups of ${size}`);
      samples.forEach((sample, i) => {
        const [group, at] =
          groups === "couples" ? [i % count, Math.floor(i / count)] : [Math.floor(i / size), i % size];
        this.#place.set(sample, { batch, group, at });
      });
    });
  }

  /** Whether the mean of the background must be formed first: no tile of scores has all of it. */
  get needsMean(): boolean {
    return this.background !== undefined && scattersBackground(this.#batches);
  }

  /** Samples of a group. */
  sizeIn(batch: number): number {
    const { samples, groups } = this.#batches[batch];
    return groups === undefined ? samples.length : groups === "couples" ? 2 : groups.size;
  }

  /** Adds a tile's products `[groups, size, size]` of the batch's groups from `first` on. */
  add(kind: "plain" | "contrast", layer: number, batch: number, first: number, products: Float32Array): void {
    const sums = kind === "plain" ? this.#plain : this.#contrast;
    const key = `${layer}/${batch}`;
    const size = this.sizeIn(batch);
    let sum = sums.get(key);
    if (sum === undefined) sums.set(key, (sum = new Float64Array(this.#batches[batch].samples.length * size)));
    for (let i = 0, at = first * size * size; i < products.length; i++, at++) sum[at] += products[i];
  }

  /** @throws Error when the two are not in one group, or the layer has not come yet. */
  products(kind: "plain" | "contrast", layer: number, a: number, b: number): Products {
    const [one, other] = [this.#place.get(a), this.#place.get(b)];
    if (one === undefined || one.batch !== other?.batch) throw new Error("not in one batch");
    if (one.group !== other.group) throw new Error("not in one group");
    const size = this.sizeIn(one.batch);
    const sum = (kind === "plain" ? this.#plain : this.#contrast).get(`${layer}/${one.batch}`);
    if (sum === undefined) throw new Error(`layer ${layer} has not been swept`);
    const at = (i: number, j: number): number => sum[(one.group * size + i) * size + j];
    const products = new Products();
    products.ab = at(one.at, other.at);
    products.aa = at(one.at, one.at);
    products.bb = at(other.at, other.at);
    return products;
  }
}

/** Whether the samples of a run do not pass through one tile together. */
export function scattersBackground(batches: readonly Batch[]): boolean {
  return batches.length > 1 || batches.some(({ groups }) => groups !== undefined);
}
