import { elementAt } from "../numbers/elements";
import type { Batch } from "./batch";
import { Products } from "./reducers/products";

/** What is multiplied: scores, or the logarithms of their ratios to a background. */
export type ProductKind = "plain" | "contrast";

/** Groups of a batch from `first` on, in one layer. */
interface GroupsOfBatch {
  readonly layer: number;
  readonly batch: number;
  readonly first: number;
}

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
    batches.forEach(({ samples }, batch) => {
      const size = this.sizeIn(batch);
      if (samples.length % size !== 0) throw new Error(`${samples.length} samples are no whole groups of ${size}`);
      samples.forEach((sample, i) => this.#place.set(sample, { batch, group: Math.floor(i / size), at: i % size }));
    });
  }

  /** Whether the mean of the background must be formed first: no tile of scores has all of it. */
  get needsMean(): boolean {
    return this.background !== undefined && scattersBackground(this.#batches);
  }

  /** Samples of a group. */
  sizeIn(batch: number): number {
    const { samples, groupSize = samples.length } = elementAt(this.#batches, batch);
    return groupSize;
  }

  /** Adds a tile's products `[groups, size, size]`, of groups that stand one behind the other. */
  add(kind: ProductKind, { layer, batch, first }: GroupsOfBatch, products: Float32Array | Float64Array): void {
    const sums = kind === "plain" ? this.#plain : this.#contrast;
    const key = `${layer}/${batch}`;
    const size = this.sizeIn(batch);
    let sum = sums.get(key);
    if (sum === undefined)
      sums.set(key, (sum = new Float64Array(elementAt(this.#batches, batch).samples.length * size)));
    const start = first * size * size;
    for (let i = 0; i < products.length; i++) sum[start + i]! += products[i]!;
  }

  /** @throws Error when the two are not in one group, or the layer has not come yet. */
  products(kind: ProductKind, layer: number, a: number, b: number): Products {
    const [one, other] = [this.#place.get(a), this.#place.get(b)];
    if (one === undefined || one.batch !== other?.batch) throw new Error("not in one batch");
    if (one.group !== other.group) throw new Error("not in one group");
    const size = this.sizeIn(one.batch);
    const sum = (kind === "plain" ? this.#plain : this.#contrast).get(`${layer}/${one.batch}`);
    if (sum === undefined) throw new Error(`layer ${layer} has not been swept`);
    const product = (i: number, j: number): number => sum[(one.group * size + i) * size + j]!;
    const products = new Products();
    products.ab = product(one.at, other.at);
    products.aa = product(one.at, one.at);
    products.bb = product(other.at, other.at);
    return products;
  }
}

/** Whether the samples of a run do not pass through one tile together. */
export function scattersBackground(batches: readonly Batch[]): boolean {
  return batches.length > 1 || batches.some(({ groupSize }) => groupSize !== undefined);
}
