import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { meanInterval } from "../../../src/engine/numbers/mean-interval";
import { randomNumbers } from "../../../src/engine/numbers/random";
import {
  batchMeans,
  chanceOf,
  intervalAround,
  uncertainMean,
  weightedMean,
} from "../../../src/engine/numbers/weighted-mean";
import { normalNumbers } from "../support/simulated-texts";

const equal = (count: number): number[] => new Array<number>(count).fill(63);

test("with equal weights mean, interval and p are those of the usual t test", () => {
  const values = [0.1, 0.2, -0.05, 0.3];
  const mean = uncertainMean(values, equal(4));
  expect(intervalAround(mean)).toEqual(meanInterval(values).interval.map((end) => expect.closeTo(end, 12) as number));
  // scipy.stats.ttest_1samp([0.1, 0.2, -0.05, 0.3], 0).pvalue
  expect(chanceOf(mean)).toBeCloseTo(0.1627331, 6);
});

test("a mean is that of each value as often as its weight says, and weights count beside each other only", () => {
  const [values, weights] = [
    [0.4, 0.1, 0.3, 0.8],
    [3, 1, 2, 2],
  ];
  const repeated = values.flatMap((value, i) => new Array<number>(weights[i]).fill(value));
  expect(weightedMean(values, weights)).toBeCloseTo(
    weightedMean(
      repeated,
      repeated.map(() => 1),
    ),
    12,
  );
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0.1, max: 9, noNaN: true }), { minLength: 3, maxLength: 8 }), (some) => {
      const [one, thousandfold] = [1, 1000].map((times) =>
        uncertainMean(
          some,
          some.map((weight) => times * weight),
        ),
      );
      expect(thousandfold.mean).toBeCloseTo(one.mean, 9);
      expect(thousandfold.error).toBeCloseTo(one.error, 9);
      expect(thousandfold.freedom).toBe(one.freedom);
    }),
  );
});

// numpy.average, the formula by hand, scipy.stats.t.interval and .sf with 3 degrees of freedom
test("of unequal weights they are numpy's", () => {
  const mean = uncertainMean([0.4, 0.1, 0.3, 0.8], [3, 1, 2, 2]);
  expect(mean).toEqual({
    mean: expect.closeTo(0.4375, 12) as number,
    error: expect.closeTo(0.12313716098995733, 12) as number,
    freedom: 3,
  });
  expect(intervalAround(mean)[0]).toBeCloseTo(0.045622596964385254, 9);
  expect(chanceOf(mean)).toBeCloseTo(0.038010670035017506, 9);
});

test("values that are all alike are certain: no difference where they are 0, else one", () => {
  for (const [value, p] of [
    [0, 1],
    [0.1, 0],
  ]) {
    const mean = uncertainMean(new Array<number>(4).fill(value), equal(4));
    expect(chanceOf(mean)).toBeCloseTo(p, 9);
    expect(intervalAround(mean)).toEqual([expect.closeTo(value, 9), expect.closeTo(value, 9)]);
  }
});

test("batches are consecutive, about as long, and no more than values", () => {
  const values = [1, 2, 3, 4, 5, 6, 7];
  expect(batchMeans(values, [1, 1, 1, 1, 1, 1, 3], 3)).toEqual({ means: [1.5, 4, 6.75], weights: [2, 3, 4] });
  expect(batchMeans(values, values, 8)).toEqual({ means: values, weights: values });
});

describe("the interval holds the true mean 95 times of 100", () => {
  /** How many of the runs, in percent, where window lengths differ by so much (the deviation of their logarithm). */
  function coverage(windows: number, unequal: number, { percentile = false, runs = 2000 } = {}): number {
    const next = randomNumbers(windows);
    const normal = normalNumbers(next);
    const run = (): boolean => {
      const weights = Array.from({ length: windows }, () => Math.exp(unequal * normal()));
      const values = weights.map(() => normal());
      const [low, high] = percentile ? bootstrap(values, next) : intervalAround(uncertainMean(values, weights));
      return low <= 0 && high >= 0;
    };
    return (100 * Array.from({ length: runs }, run).filter(Boolean).length) / runs;
  }

  // the standard error of a coverage is 0.5
  test.each([3, 4, 8, 32])("of %i windows of one length", (windows) => {
    expect(coverage(windows, 0)).toBeGreaterThan(93.5);
    expect(coverage(windows, 0)).toBeLessThan(96.5);
  });

  test.each([3, 4, 8, 32])("of %i windows as unequal as short texts are, or nearly so", (windows) => {
    expect(coverage(windows, 0.8)).toBeGreaterThan(92);
  });

  test("more often of batches than one by one, where windows resemble their neighbours", () => {
    const next = randomNumbers(8);
    const normal = normalNumbers(next);
    const runs = Array.from({ length: 500 }, () => {
      // articles of eight windows, which begin anywhere
      const articles = Array.from({ length: 10 }, normal);
      const begin = Math.floor(8 * next());
      const values = Array.from({ length: 64 }, (_, i) => normal() + articles[(begin + i) >> 3]);
      const weights = equal(64);
      const batches = batchMeans(values, weights, 8);
      const [alone, together] = [uncertainMean(values, weights), uncertainMean(batches.means, batches.weights)];
      expect(together.mean).toBeCloseTo(alone.mean, 12);
      return [alone, together].map(intervalAround).map(([low, high]) => low <= 0 && high >= 0);
    });
    const [alone, together] = [0, 1].map((way) => runs.filter((held) => held[way]).length / 5);
    expect(alone).toBeLessThan(75);
    expect(together).toBeGreaterThan(90);
  });

  test("as a bootstrap of few windows does not, which is why it is none", () => {
    expect(coverage(4, 0, { percentile: true, runs: 500 })).toBeLessThan(85);
  });
});

/** The percentile bootstrap of a mean. */
function bootstrap(values: readonly number[], next: () => number): [low: number, high: number] {
  const means = Array.from({ length: 200 }, () =>
    weightedMean(
      values.map(() => values[Math.floor(next() * values.length)]),
      values.map(() => 1),
    ),
  ).sort((a, b) => a - b);
  return [means[5], means[194]];
}
