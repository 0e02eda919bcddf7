import { elementAt } from "./elements";
import { randomNumbers } from "./random";
import { once, RankedValues } from "./spearman";

/** Resamples of a bootstrap. */
export const RESAMPLES = 1000;

/** A figure of some values, and the same of their resamples: as many values, drawn of them with replacement. */
export interface Estimate {
  readonly value: number;
  /** Draw after draw. Draws are the same for equally many values and the same seed: what is formed of two figures is paired. */
  readonly draws: Float64Array;
}

/**
 * Figures of some values and of their resamples.
 * @param count how many values there are.
 * @param figuresOf the figures, by how often each value was drawn.
 */
export function resampled(
  count: number,
  seed: number,
  figuresOf: (times: Uint32Array) => readonly number[],
): Estimate[] {
  const values = figuresOf(once(count));
  const estimates = values.map((value) => ({ value, draws: new Float64Array(RESAMPLES) }));
  const next = randomNumbers(seed);
  const times = new Uint32Array(count);
  for (let draw = 0; draw < RESAMPLES; draw++) {
    times.fill(0);
    for (let i = 0; i < count; i++) times[Math.floor(next() * count)]!++;
    const figures = figuresOf(times);
    for (const [figure, { draws }] of estimates.entries()) draws[draw] = elementAt(figures, figure);
  }
  return estimates;
}

/** A figure that is formed of others, draw by draw. */
export function combined(of: (...values: number[]) => number, ...estimates: readonly Estimate[]): Estimate {
  return {
    value: of(...estimates.map(({ value }) => value)),
    draws: Float64Array.from({ length: RESAMPLES }, (_, draw) => of(...estimates.map(({ draws }) => draws[draw]!))),
  };
}

/** The interval in which 95 % of the draws lie (percentile bootstrap). */
export function intervalOf({ draws }: Estimate): [low: number, high: number] {
  const sorted = draws.toSorted();
  return [elementAt(sorted, Math.floor(0.025 * RESAMPLES)), elementAt(sorted, Math.ceil(0.975 * RESAMPLES) - 1)];
}

/** Spearman's rho of each of several columns and the same other one. */
export function resampledSpearman(
  columns: readonly (readonly number[])[],
  other: readonly number[],
  seed: number,
): Estimate[] {
  const ranked = columns.map((values) => new RankedValues(values));
  const others = new RankedValues(other);
  return resampled(other.length, seed, (times) => {
    const deviations = others.deviations(times);
    return ranked.map((values) => values.correlation(deviations, times));
  });
}
