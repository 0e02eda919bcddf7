import { elementAt } from "../numbers/elements";
import { randomNumbers } from "../numbers/random";

/** Resamples of a bootstrap. */
const RESAMPLES = 1000;

/** Ranks from 1 on, the mean rank for equal values. */
export function ranks(values: readonly number[]): Float64Array {
  return new RankedValues(values).ranksOf(once(values.length));
}

/** Spearman's rank correlation, ties by their mean rank; 0 where one side is all equal. */
export function spearman(x: readonly number[], y: readonly number[]): number {
  return correlation(ranks(x), ranks(y), once(x.length));
}

/**
 * The interval in which 95 % of rho lie when pairs are drawn anew, with replacement (percentile bootstrap), for each of
 * several columns against the same scores. The draws are the same for all columns.
 */
export function bootstrapIntervals(
  columns: readonly (readonly number[])[],
  scores: readonly number[],
  seed: number,
): [number, number][] {
  const n = scores.length;
  const next = randomNumbers(seed);
  const human = new RankedValues(scores);
  const ranked = columns.map((values) => ({ values: new RankedValues(values), rho: new Float64Array(RESAMPLES) }));
  const times = new Uint32Array(n);
  for (let sample = 0; sample < RESAMPLES; sample++) {
    times.fill(0);
    for (let i = 0; i < n; i++) {
      const drawn = Math.floor(next() * n);
      times[drawn] = (times[drawn] ?? 0) + 1;
    }
    const y = human.ranksOf(times);
    for (const { values, rho } of ranked) rho[sample] = correlation(values.ranksOf(times), y, times);
  }
  return ranked.map(({ rho }) => {
    rho.sort();
    return [elementAt(rho, Math.floor(0.025 * RESAMPLES)), elementAt(rho, Math.ceil(0.975 * RESAMPLES) - 1)];
  });
}

/** Values of which many samples with replacement are ranked: sorted once, a sample only says how often each was drawn. */
class RankedValues {
  /** The indices of values that are equal, those of the smallest value first. */
  readonly #ties: readonly (readonly number[])[];
  readonly #ranks: Float64Array;

  constructor(values: readonly number[]) {
    const ties = new Map<number, number[]>();
    for (const [i, value] of values.entries()) {
      const equal = ties.get(value);
      if (equal) equal.push(i);
      else ties.set(value, [i]);
    }
    this.#ties = [...ties].sort(([a], [b]) => a - b).map(([, equal]) => equal);
    this.#ranks = new Float64Array(values.length);
  }

  /**
   * The rank of each value among those that were drawn.
   * @param times how often each was drawn.
   * @returns the same array every time.
   */
  ranksOf(times: Uint32Array): Float64Array {
    let before = 0;
    for (const tied of this.#ties) {
      let equal = 0;
      for (const i of tied) equal += times[i] ?? 0;
      for (const i of tied) this.#ranks[i] = before + (equal + 1) / 2;
      before += equal;
    }
    return this.#ranks;
  }
}

const once = (count: number): Uint32Array => new Uint32Array(count).fill(1);

/** Pearson's correlation of ranks, each counted as often as `times` says; 0 where one side is all equal. */
function correlation(x: Float64Array, y: Float64Array, times: Uint32Array): number {
  const mean = (x.length + 1) / 2;
  let [xy, xx, yy] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    const [dx, dy, drawn] = [(x[i] ?? 0) - mean, (y[i] ?? 0) - mean, times[i] ?? 0];
    xy += drawn * dx * dy;
    xx += drawn * dx * dx;
    yy += drawn * dy * dy;
  }
  return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : 0;
}
