import { describe, expect, test } from "vitest";
import { bootstrapMean, wilsonInterval } from "../../../src/engine/numbers/intervals";

test.each([
  // scipy 1.17: binomtest(count, of).proportion_ci(method="wilson")
  [0, 1, 0, 0.7934506856],
  [1, 1, 0.2065493144, 1],
  [3, 7, 0.1582198553, 0.7495416355],
  [60, 64, 0.8500251491, 0.9754287986],
  [64, 64, 0.9433759402, 1],
  [0, 20, 0, 0.1611251581],
])("Wilson's interval of %i of %i", (count, of, low, high) => {
  expect(wilsonInterval(count, of)).toEqual([expect.closeTo(low, 9), expect.closeTo(high, 9)]);
});

describe("a mean's bootstrap", () => {
  const values = [0.1, 0.4, 0.2, 1.5, 0.05, 0.3, 0.7, 0.02];

  test("has scipy's interval, within what 1000 resamples vary", () => {
    // scipy.stats.bootstrap((values,), np.mean, n_resamples=100000, method="percentile")
    for (let seed = 0; seed < 5; seed++) {
      const [low, high] = bootstrapMean(values, seed);
      expect(Math.abs(low - 0.143)).toBeLessThan(0.02);
      expect(Math.abs(high - 0.764)).toBeLessThan(0.06);
    }
  });

  test("is the same for the same seed, and of equal values their own", () => {
    expect(bootstrapMean(values, 7)).toEqual(bootstrapMean(values, 7));
    expect(bootstrapMean(values, 7)).not.toEqual(bootstrapMean(values, 8));
    expect(bootstrapMean([2, 2, 2], 0)).toEqual([2, 2]);
  });
});
