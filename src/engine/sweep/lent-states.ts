import { sliceSamples, tensor, type FloatTensor } from "../runtime/runtime";

/** Keys and values of a layer that later ones borrow, or their gradients, `[samples, heads, tokens, size]` each. */
export interface LentKeyValue {
  readonly key: FloatTensor;
  readonly value: FloatTensor;
}

/** What layers of a batch lend to later ones on the way forward, and what comes back for it on the way back. */
export class LentStates {
  readonly #states = new Map<number, LentKeyValue>();
  readonly #gradients = new Map<number, LentKeyValue>();
  /** The borrowers whose gradients are in: a sweep may go through a block twice. */
  readonly #returned = new Set<number>();

  /** Where a layer puts what it lends, of that shape. */
  place(layer: number, shape: readonly number[]): LentKeyValue {
    const known = this.#states.get(layer);
    if (known !== undefined && String(known.key.shape) === String(shape)) return known;
    const states = { key: zeros(shape), value: zeros(shape) };
    this.#states.set(layer, states);
    return states;
  }

  /** What a layer has lent. */
  of(layer: number): LentKeyValue {
    const states = this.#states.get(layer);
    if (states === undefined) throw new Error(`layer ${layer} has lent nothing`);
    return states;
  }

  /** What the layers have lent to one sample, once for each of `count`. */
  repeated(sample: number, count: number): LentStates {
    const others = new LentStates();
    for (const [layer, { key, value }] of this.#states) {
      const place = others.place(layer, [count, ...key.shape.slice(1)]);
      fill(place.key, sliceSamples(key, sample, 1));
      fill(place.value, sliceSamples(value, sample, 1));
    }
    return others;
  }

  /** What a layer has lent, to some samples first, and to those behind them, up to `count`, what `other` has of its first. */
  extend(layer: number, count: number, other: LentStates): void {
    const own = this.#states.get(layer);
    const [first, shape] = [other.of(layer), other.of(layer).key.shape];
    this.#states.delete(layer);
    const place = this.place(layer, [count, ...shape.slice(1)]);
    for (const side of ["key", "value"] as const) {
      fill(place[side], sliceSamples(first[side], 0, 1));
      if (own) place[side].data.set(own[side].data);
    }
  }

  /** Adds up the gradients of what layer `lender` has lent to layer `borrower`. */
  giveBack(lender: number, borrower: number, { key, value }: LentKeyValue): void {
    if (this.#returned.has(borrower)) return;
    this.#returned.add(borrower);
    const sums = this.gradients(lender);
    add(sums.key.data, key.data);
    add(sums.value.data, value.data);
  }

  /** The gradients of what a layer has lent, 0 where nothing has come back. */
  gradients(layer: number): LentKeyValue {
    const { shape } = this.of(layer).key;
    let sums = this.#gradients.get(layer);
    if (sums === undefined) this.#gradients.set(layer, (sums = { key: zeros(shape), value: zeros(shape) }));
    return sums;
  }

  /** The gradients of what these layers have lent to a sample of so many tokens, one behind another, without padding. */
  gradientsOf(lenders: readonly number[], sample: number, length: number): Float32Array[] {
    return this.#rows(lenders, sample, length);
  }

  /** Puts back what `gradientsOf` gave. */
  restore(lenders: readonly number[], sample: number, length: number, values: Float32Array): void {
    let taken = 0;
    for (const row of this.#rows(lenders, sample, length)) row.set(values.subarray(taken, (taken += row.length)));
  }

  /** The rows `[length, size]` of every head, as views. */
  #rows(lenders: readonly number[], sample: number, length: number): Float32Array[] {
    return lenders.flatMap((layer) => {
      const { key, value } = this.gradients(layer);
      return [key, value].flatMap(({ data, shape: [, heads = 0, tokens = 0, size = 0] }) =>
        Array.from({ length: heads }, (_, head) => {
          const from = (sample * heads + head) * tokens * size;
          return data.subarray(from, from + length * size);
        }),
      );
    });
  }

  /** Whether a layer has lent something. */
  has(layer: number): boolean {
    return this.#states.has(layer);
  }
}

function zeros(shape: readonly number[]): FloatTensor {
  return tensor(new Float32Array(shape.reduce((a, b) => a * b, 1)), ...shape);
}

/** Puts one sample in the place of all. */
function fill({ data }: FloatTensor, one: FloatTensor): void {
  for (let at = 0; at < data.length; at += one.data.length) data.set(one.data, at);
}

function add(sums: Float32Array, values: Float32Array): void {
  for (let i = 0; i < sums.length; i++) sums[i]! += values[i]!;
}
