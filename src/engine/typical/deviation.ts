import { median } from "../numbers/statistics";

/** What part of an equal share is added to every share before its logarithm: of places that hold less it is all the same how little. */
const FLOOR = 0.01;

/** The logarithm of a share of one of so many places. */
export function logShare(share: number, places: number): number {
  return Math.log(share + FLOOR / places);
}

/** The share that a logarithm is of. */
export function usualShare(log: number, places: number): number {
  return Math.exp(log) - FLOOR / places;
}

/** How typical texts vary at one place. */
export interface Usual {
  /** The mean of their logarithms, and the standard deviation. */
  readonly mean: number;
  readonly deviation: number;
}

/** Mean and standard deviation, of at least two values. */
export function usualOf(values: ArrayLike<number>): Usual {
  const count = values.length;
  let mean = 0;
  for (let i = 0; i < count; i++) mean += values[i]! / count;
  let squares = 0;
  for (let i = 0; i < count; i++) squares += (values[i]! - mean) ** 2;
  return { mean, deviation: Math.sqrt(squares / (count - 1)) };
}

/**
 * What is added to every deviation of a level before it divides: the median of them, so that places at which typical texts hardly vary do
 * not count as far off for next to nothing ("fudge factor": Tusher, Tibshirani and Chu, "Significance analysis of
 * microarrays", 2001).
 */
export function steadying(deviations: readonly number[]): number {
  return median(deviations);
}

/**
 * How far a value is from the usual, in deviations: of a text that is not among the `count` typical ones.
 * @param steady as `steadying` gives it.
 */
export function farness(value: number, { mean, deviation }: Usual, steady: number, count: number): number {
  const spread = deviation + steady;
  return spread > 0 ? (value - mean) / (spread * Math.sqrt(1 + 1 / count)) : 0;
}

/** The same of one of the typical texts, against all others. */
export function ownFarness(value: number, { mean, deviation }: Usual, steady: number, count: number): number {
  const from = value - mean;
  const others = count - 1;
  const squares = deviation ** 2 * others - (from ** 2 * count) / others;
  const without = { mean: mean - from / others, deviation: Math.sqrt(Math.max(0, squares) / (others - 1)) };
  return farness(value, without, steady, others);
}
