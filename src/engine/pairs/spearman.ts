import { randomNumbers } from "../numbers/random";

/** Resamples of a bootstrap. */
const RESAMPLES = 1000;

/** Ranks from 1 on, the mean rank for equal values. */
export function ranks(values: readonly number[]): Float64Array {
  const order = ascending(values);
  const result = new Float64Array(values.length);
  for (let from = 0, to = 0; from < order.length; from = to) {
    while (to < order.length && values[order[to]] === values[order[from]]) to++;
    for (let i = from; i < to; i++) result[order[i]] = (from + 1 + to) / 2;
  }
  return result;
}

const ascending = (values: readonly number[]): Uint32Array =>
  Uint32Array.from(values, (_, i) => i).sort((a, b) => values[a] - values[b]);

/** Spearman's rank correlation, ties by their mean rank; 0 where one side is all equal. */
export function spearman(x: readonly number[], y: readonly number[]): number {
  return correlation(ranks(x), ranks(y));
}

function correlation(x: Float64Array, y: Float64Array): number {
  const mean = (x.length + 1) / 2;
  let [xy, xx, yy] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    const [dx, dy] = [x[i] - mean, y[i] - mean];
    xy += dx * dy;
    xx += dx * dx;
    yy += dy * dy;
  }
  return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : 0;
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
  const sorted = columns.map((values) => new SortedOnce(values));
  const human = new SortedOnce(scores);
  const drawn = columns.map(() => new Float64Array(RESAMPLES));
  const times = new Uint32Array(n);
  for (let sample = 0; sample < RESAMPLES; sample++) {
    times.fill(0);
    for (let i = 0; i < n; i++) times[Math.floor(next() * n)]++;
    const y = human.ranksOf(times);
    sorted.forEach((column, c) => (drawn[c][sample] = weightedCorrelation(column.ranksOf(times), y, times)));
  }
  return drawn.map((values) => {
    values.sort();
    return [values[Math.floor(0.025 * RESAMPLES)], values[Math.ceil(0.975 * RESAMPLES) - 1]];
  });
}

/** Values of which many samples with replacement are ranked: sorted once, a sample only says how often each was drawn. */
class SortedOnce {
  readonly #order: Uint32Array;
  readonly #ranks: Float64Array;

  constructor(private readonly values: readonly number[]) {
    this.#order = ascending(values);
    this.#ranks = new Float64Array(values.length);
  }

  ranksOf(times: Uint32Array): Float64Array {
    const { values } = this;
    let before = 0;
    for (let from = 0, to = 0; from < values.length; from = to) {
      let equal = 0;
      for (; to < values.length && values[this.#order[to]] === values[this.#order[from]]; to++)
        equal += times[this.#order[to]];
      for (let i = from; i < to; i++) this.#ranks[this.#order[i]] = before + (equal + 1) / 2;
      before += equal;
    }
    return this.#ranks;
  }
}

function weightedCorrelation(x: Float64Array, y: Float64Array, times: Uint32Array): number {
  const mean = (x.length + 1) / 2;
  let [xy, xx, yy] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    const [dx, dy] = [x[i] - mean, y[i] - mean];
    xy += times[i] * dx * dy;
    xx += times[i] * dx * dx;
    yy += times[i] * dy * dy;
  }
  return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : 0;
}
