import type { ScoredModule } from "../../model/model";
import { elementAt } from "../../numbers/elements";
import type { Reducer, Tile } from "./reducer";

/** The float32 bits that are counted to find the k-th largest value: 2^15 bins, the rest is sorted. */
const COARSE_SHIFT = 16;

/**
 * The k-th largest of non-negative values, exactly; 0 where fewer than k are above 0.
 * @param k at least 1
 */
export function kthLargest(values: Float32Array, k: number): number {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const counts = new Uint32Array(2 ** (31 - COARSE_SHIFT));
  for (const bit of bits) counts[bit >>> COARSE_SHIFT]!++;
  let above = 0;
  let bin = counts.length - 1;
  for (; bin > 0; bin--) {
    const upToBin = above + counts[bin]!;
    if (upToBin >= k) break;
    above = upToBin;
  }
  const within = values.filter((_, i) => bits[i]! >>> COARSE_SHIFT === bin).sort();
  return within[within.length - (k - above)] ?? 0;
}

/** How many parameters are in the top sets of both of a pair, and of one only. */
export interface TopOverlap {
  readonly both: number;
  readonly onlyA: number;
  readonly onlyB: number;
}

/** The overlaps of a layer: the counts of its matrices, added up. */
export function addedOverlaps(overlaps: readonly TopOverlap[]): TopOverlap {
  const total = { both: 0, onlyA: 0, onlyB: 0 };
  for (const { both, onlyA, onlyB } of overlaps) {
    total.both += both;
    total.onlyA += onlyA;
    total.onlyB += onlyB;
  }
  return total;
}

/** A parameter in the top set of one set and not of the other, with both activations. */
export interface ExclusiveParameter {
  readonly row: number;
  readonly column: number;
  readonly a: number;
  readonly b: number;
}

/** The strongest such parameters of both sides, the strongest first. */
export interface ExclusiveParameters {
  readonly onlyA: readonly ExclusiveParameter[];
  readonly onlyB: readonly ExclusiveParameter[];
}

/**
 * Top sets: of every set the `round(share · n)` largest activations of a matrix that are above 0, ties included. Holds one
 * matrix of scores per set of the units that are under way.
 */
export class TopSetReducer implements Reducer {
  readonly #share: number;
  readonly #pairs: readonly (readonly [number, number])[];
  readonly #counted: number;
  readonly #exclusive: number;
  readonly #scores = new Map<string, Float32Array[]>();
  /** Per module under way, in how many top sets each parameter is. */
  readonly #occurrences = new Map<string, Uint16Array>();
  readonly #overlaps = new Map<string, TopOverlap[]>();
  readonly #exclusiveOfPairs = new Map<string, ExclusiveParameters[]>();
  /** Per layer and module. */
  readonly #frequencies = new Map<string, Float64Array>();

  /** @param pairs of sets of a unit whose overlap is wanted; `counted`: in how many of so many sets parameters occur; `exclusive`: so many parameters of only one of a pair. */
  constructor(
    share: number,
    pairs: readonly (readonly [number, number])[],
    { counted = 0, exclusive = 0 }: { readonly counted?: number; readonly exclusive?: number } = {},
  ) {
    this.#share = share;
    this.#pairs = pairs;
    this.#counted = counted;
    this.#exclusive = exclusive;
  }

  tile({ module, unit, from, scores }: Tile): void {
    const key = `${unit}/${module.name}`;
    let kept = this.#scores.get(key);
    if (kept === undefined) this.#scores.set(key, (kept = scores.map(() => new Float32Array(module.out * module.in))));
    for (const [set, values] of kept.entries()) values.set(elementAt(scores, set), from * module.in);
  }

  moduleDone(layer: number, module: ScoredModule, unit: number): void {
    const key = `${unit}/${module.name}`;
    const kept = this.#scores.get(key) ?? [];
    this.#scores.delete(key);
    const size = module.out * module.in;
    const k = Math.max(1, Math.round(this.#share * size));
    const tops = kept.map((values) => topSetOf(values, k));
    this.#overlaps.set(
      `${unit}/${layer}/${module.name}`,
      this.#pairs.map(([a, b]) => countOverlap(elementAt(tops, a), elementAt(tops, b))),
    );
    if (this.#exclusive > 0)
      this.#exclusiveOfPairs.set(
        `${unit}/${layer}/${module.name}`,
        this.#pairs.map(([a, b]) => {
          const [ofA, ofB] = [elementAt(tops, a), elementAt(tops, b)];
          const strongest = (one: TopSet, other: TopSet): ExclusiveParameter[] =>
            strongestOfOne(one, other, this.#exclusive).map((i) => placed(i, module, ofA.values, ofB.values));
          return { onlyA: strongest(ofA, ofB), onlyB: strongest(ofB, ofA) };
        }),
      );
    if (this.#counted === 0) return;
    let occurrences = this.#occurrences.get(module.name);
    if (occurrences === undefined) this.#occurrences.set(module.name, (occurrences = new Uint16Array(size)));
    for (const { indices } of tops) for (const i of indices) occurrences[i]!++;
  }

  matrixDone(layer: number, module: ScoredModule): void {
    const occurrences = this.#occurrences.get(module.name);
    if (occurrences === undefined) return;
    this.#occurrences.delete(module.name);
    const counts = new Float64Array(this.#counted + 1);
    for (const times of occurrences) counts[times]!++;
    this.#frequencies.set(`${layer}/${module.name}`, counts);
  }

  /** The overlap of every pair in a matrix, in the order in which they were given. */
  overlaps(layer: number, module: string, unit = 0): readonly TopOverlap[] {
    return this.#overlaps.get(`${unit}/${layer}/${module}`) ?? [];
  }

  /** Parameters of only one of every pair in a matrix, in the order in which the pairs were given. */
  exclusiveOf(layer: number, module: string, unit = 0): readonly ExclusiveParameters[] {
    return this.#exclusiveOfPairs.get(`${unit}/${layer}/${module}`) ?? [];
  }

  /** Parameters of these matrices together that are in exactly 0 … `counted` top sets. */
  frequencies(layer: number, modules: readonly string[]): number[] {
    const total = new Array<number>(this.#counted + 1).fill(0);
    for (const module of modules)
      this.#frequencies.get(`${layer}/${module}`)?.forEach((count, times) => (total[times]! += count));
    return total;
  }
}

function placed(index: number, module: ScoredModule, a: Float32Array, b: Float32Array): ExclusiveParameter {
  return { row: Math.floor(index / module.in), column: index % module.in, a: a[index]!, b: b[index]! };
}

/** The values from the threshold on. What is asked of two sets passes over these indices, a tenth of a matrix's. */
interface TopSet {
  readonly values: Float32Array;
  /**
   * One value. Not a number of this object: a compiler of V8, Maglev, has given such a number the exact value of another one, and in pages and the extension host
   * it cannot be turned off (src/sound-compiler.ts).
   */
  readonly threshold: Float32Array;
  readonly indices: Uint32Array;
}

function topSetOf(values: Float32Array, k: number): TopSet {
  // the smallest positive float32 keeps zeros out
  const threshold = Math.max(kthLargest(values, k), 2 ** -149);
  let count = 0;
  for (const value of values) if (value >= threshold) count++;
  const indices = new Uint32Array(count);
  let found = 0;
  for (let i = 0; found < count; i++) if (values[i]! >= threshold) indices[found++] = i;
  return { values, threshold: Float32Array.of(threshold), indices };
}

/** Indices of the largest of `one` that are not in the other, the largest first. */
function strongestOfOne({ values, threshold, indices }: TopSet, other: TopSet, count: number): number[] {
  const strongest: number[] = [];
  const [least = Infinity] = threshold;
  const [otherLeast = Infinity] = other.threshold;
  let weakest = least;
  for (const i of indices) {
    const value = values[i]!;
    if (value < weakest || other.values[i]! >= otherLeast) continue;
    // behind those that are as large
    const place = strongest.findLastIndex((index) => values[index]! >= value) + 1;
    strongest.splice(place, 0, i);
    strongest.length = Math.min(strongest.length, count);
    const last = strongest[count - 1];
    if (last !== undefined) weakest = Math.max(least, values[last]!);
  }
  return strongest;
}

function countOverlap(a: TopSet, b: TopSet): TopOverlap {
  let both = 0;
  const [least = Infinity] = b.threshold;
  for (const i of a.indices) if (b.values[i]! >= least) both++;
  return { both, onlyA: a.indices.length - both, onlyB: b.indices.length - both };
}
