import { zip } from "./elements";
import { studentDeviate, studentProbability } from "./student";

/** A mean of values that were drawn independently, and how far it may be from the true one, by Student's t. */
export interface UncertainMean {
  readonly mean: number;
  /** Its standard error. */
  readonly error: number;
  /** Degrees of freedom. */
  readonly freedom: number;
}

/** `Σ w·x / Σ w`; NaN of none. */
export function weightedMean(values: readonly number[], weights: readonly number[]): number {
  return zip(values, weights).reduce((sum, [value, weight]) => sum + weight * value, 0) / sumOf(weights);
}

/**
 * The weighted mean of values that were drawn independently, each with its weight. Its variance is that of a ratio (Cochran, Sampling
 * Techniques, 6.4), `n/(n − 1) · Σ w²(x − x̄)² / (Σ w)²`. Degrees of freedom are those of as many equal weights as do the same,
 * `(Σ w)²/Σ w²` (Kish), rounded: with equal weights the interval is the usual one of a mean; with unequal ones n − 1 would be too many.
 * @param values at least 2
 * @param weights positive
 */
export function uncertainMean(values: readonly number[], weights: readonly number[]): UncertainMean {
  const mean = weightedMean(values, weights);
  const spread = sumOf(zip(values, weights).map(([value, weight]) => (weight * (value - mean)) ** 2));
  const sum = sumOf(weights);
  return {
    mean,
    error: Math.sqrt((values.length / (values.length - 1)) * spread) / sum,
    freedom: Math.max(1, Math.round(sum ** 2 / sumOf(weights.map((weight) => weight ** 2))) - 1),
  };
}

/**
 * Weighted means of consecutive values, in at most so many batches of about as many values: values that resemble their neighbours are
 * not independent, means of long batches nearly are (Schmeiser 1982, Batch size effects in the analysis of simulation output).
 */
export function batchMeans(
  values: readonly number[],
  weights: readonly number[],
  most: number,
): { readonly means: number[]; readonly weights: number[] } {
  const batches = Math.min(most, values.length);
  const begins = Array.from({ length: batches + 1 }, (_, i) => Math.round((i * values.length) / batches));
  const batch = (all: readonly number[], i: number): readonly number[] => all.slice(begins[i], begins[i + 1]);
  const each = Array.from({ length: batches }, (_, i) => i);
  return {
    means: each.map((i) => weightedMean(batch(values, i), batch(weights, i))),
    weights: each.map((i) => sumOf(batch(weights, i))),
  };
}

/** The interval of 95 %. */
export function intervalAround({ mean, error, freedom }: UncertainMean): [low: number, high: number] {
  const half = studentDeviate(freedom) * error;
  return [mean - half, mean + half];
}

/** How likely a mean at least as far from 0 is where the true one is 0. */
export function chanceOf({ mean, error, freedom }: UncertainMean): number {
  // values that are all 0 are no difference, and others that are all alike are a certain one
  return mean === 0 ? 1 : 1 - studentProbability(Math.abs(mean) / error, freedom);
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
