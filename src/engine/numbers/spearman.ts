import { elementAt } from "./elements";

/** Ranks from 1 on, the mean rank for equal values. */
export function ranks(values: readonly number[]): Float64Array {
  return new RankedValues(values).ranksOf(once(values.length));
}

/** Spearman's rank correlation, ties by their mean rank; 0 where one side is all equal. */
export function spearman(x: readonly number[], y: readonly number[]): number {
  const times = once(x.length);
  return new RankedValues(x).correlation(new RankedValues(y).deviations(times), times);
}

/**
 * The correlation of x and y that is left when what each owes to z is taken out: `(r_xy − r_xz·r_yz) / √((1 − r_xz²)(1 − r_yz²))`
 * (Yule 1907). Of ranks it is Spearman's partial correlation.
 * @returns 0 where x or y is z, up to rounding: nothing is left.
 */
export function partialCorrelation(xy: number, xz: number, yz: number): number {
  const left = (1 - xz * xz) * (1 - yz * yz);
  return left > 1e-12 ? Math.max(-1, Math.min(1, (xy - xz * yz) / Math.sqrt(left))) : 0;
}

/** How far the ranks of a resample lie from their mean. */
export interface Deviations {
  /** Of each value, as often as it was drawn. */
  readonly drawn: Float64Array;
  /** The sum of their squares. */
  readonly squares: number;
}

/**
 * Values of which many resamples, each of as many as there are, are ranked and correlated. They are sorted once: a resample only
 * says how often each was drawn.
 */
export class RankedValues {
  /** The numbers of the values, that of the smallest first. */
  readonly #order: Int32Array;
  /** Where in the order equal values end. */
  readonly #ends: Int32Array;

  constructor(values: readonly number[]) {
    this.#order = Int32Array.from(values.keys()).sort((a, b) => elementAt(values, a) - elementAt(values, b));
    const sorted = Array.from(this.#order, (i) => elementAt(values, i));
    this.#ends = Int32Array.from(
      [...sorted.keys()].filter((i) => sorted[i] !== sorted[i + 1]),
      (last) => last + 1,
    );
  }

  /**
   * The rank of each value among those that were drawn, from 1 on; the mean rank for equal values.
   * @param times how often each was drawn.
   */
  ranksOf(times: Uint32Array): Float64Array {
    const [order, ends] = [this.#order, this.#ends];
    const found = new Float64Array(times.length);
    let from = 0;
    let before = 0;
    for (const end of ends) {
      let equal = 0;
      for (let at = from; at < end; at++) equal += times[order[at]!]!;
      for (let at = from; at < end; at++) found[order[at]!] = before + (equal + 1) / 2;
      before += equal;
      from = end;
    }
    return found;
  }

  /** @param times how often each value was drawn. */
  deviations(times: Uint32Array): Deviations {
    const drawn = this.ranksOf(times);
    const middle = (times.length + 1) / 2;
    let squares = 0;
    for (let i = 0; i < drawn.length; i++) {
      const deviation = drawn[i]! - middle;
      drawn[i] = times[i]! * deviation;
      squares += times[i]! * deviation * deviation;
    }
    return { drawn, squares };
  }

  /**
   * Spearman's rank correlation with other values of the same resample; 0 where one side is all equal.
   * @param times how often each value was drawn.
   */
  correlation(other: Deviations, times: Uint32Array): number {
    const middle = (times.length + 1) / 2;
    const [order, ends] = [this.#order, this.#ends];
    let at = 0;
    let before = 0;
    let products = 0;
    let squares = 0;
    for (const end of ends) {
      let equal = 0;
      let drawn = 0;
      for (; at < end; at++) {
        const i = order[at]!;
        equal += times[i]!;
        drawn += other.drawn[i]!;
      }
      const deviation = before + (equal + 1) / 2 - middle;
      products += deviation * drawn;
      squares += equal * deviation * deviation;
      before += equal;
    }
    return squares > 0 && other.squares > 0 ? products / Math.sqrt(squares * other.squares) : 0;
  }
}

/** Every value drawn once: the sample itself. */
export const once = (count: number): Uint32Array => new Uint32Array(count).fill(1);
