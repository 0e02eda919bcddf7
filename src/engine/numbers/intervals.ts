import { elementAt } from "./elements";
import { randomNumbers } from "./random";
import { mean } from "./statistics";

/** Resamples of a bootstrap. */
export const RESAMPLES = 1000;

/** The 97.5 % point of the standard normal distribution. */
const Z = 1.959963984540054;

/**
 * The interval of 95 % of a share that was seen `count` times of `of`, by Wilson's score (Wilson 1927), without correction for
 * continuity.
 */
export function wilsonInterval(count: number, of: number): [low: number, high: number] {
  const share = count / of;
  const middle = share + (Z * Z) / (2 * of);
  const half = Z * Math.sqrt((share * (1 - share)) / of + (Z * Z) / (4 * of * of));
  const scale = 1 + (Z * Z) / of;
  // all and none are within it, whatever the rounding
  return [count === 0 ? 0 : (middle - half) / scale, count === of ? 1 : (middle + half) / scale];
}

/** The interval in which 95 % of the means lie when values are drawn anew, with replacement (percentile bootstrap). */
export function bootstrapMean(values: readonly number[], seed: number): [low: number, high: number] {
  const next = randomNumbers(seed);
  const means = Float64Array.from({ length: RESAMPLES }, () =>
    mean(values.map(() => elementAt(values, Math.floor(next() * values.length)))),
  ).sort();
  return [elementAt(means, Math.floor(0.025 * RESAMPLES)), elementAt(means, Math.ceil(0.975 * RESAMPLES) - 1)];
}
