import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { combined, intervalOf, RESAMPLES, resampled, resampledSpearman } from "../../../src/engine/numbers/bootstrap";
import { spearman } from "../../../src/engine/numbers/spearman";

describe("a mean's bootstrap", () => {
  const values = [0.1, 0.4, 0.2, 1.5, 0.05, 0.3, 0.7, 0.02];

  const bootstrapMean = (seed: number, of = values) =>
    intervalOf(
      resampled(of.length, seed, (times) => [of.reduce((sum, value, i) => sum + value * times[i], 0) / of.length])[0],
    );

  test("has scipy's interval, within what 1000 resamples vary", () => {
    // scipy.stats.bootstrap((values,), np.mean, n_resamples=100000, method="percentile")
    for (let seed = 0; seed < 5; seed++) {
      const [low, high] = bootstrapMean(seed);
      expect(Math.abs(low - 0.143)).toBeLessThan(0.02);
      expect(Math.abs(high - 0.764)).toBeLessThan(0.06);
    }
  });

  test("is the same for the same seed, and of equal values their own", () => {
    expect(bootstrapMean(7)).toEqual(bootstrapMean(7));
    expect(bootstrapMean(7)).not.toEqual(bootstrapMean(8));
    expect(bootstrapMean(0, [2, 2, 2])).toEqual([2, 2]);
  });
});

describe("rho's bootstrap", () => {
  const scores = Array.from({ length: 60 }, (_, i) => (i * 37) % 61);
  const noisy = scores.map((score, i) => score + ((i * 53) % 40));
  const intervalIn = (column: readonly number[], seed: number) =>
    intervalOf(resampledSpearman([column], scores, seed)[0]);

  test("holds rho, is the same for the same seed, and differs with another", () => {
    const [{ value }] = resampledSpearman([noisy], scores, 0);
    expect(value).toBe(spearman(noisy, scores));
    const [low, high] = intervalIn(noisy, 0);
    expect(low).toBeLessThan(value);
    expect(high).toBeGreaterThan(value);
    expect(intervalIn(noisy, 0)).toEqual([low, high]);
    expect(intervalIn(noisy, 1)).not.toEqual([low, high]);
  });

  // NumPy and SciPy: 20,000 resamples of the same data give 0.739 to 0.871
  test("is as wide as that of SciPy", () => {
    const [low, high] = intervalIn(noisy, 0);
    expect(low).toBeCloseTo(0.739, 1);
    expect(high).toBeCloseTo(0.871, 1);
  });

  test("is a point where the ranks agree", () => {
    expect(intervalIn(scores, 0)).toEqual([1, 1]);
  });

  test("is in every draw what the values that were drawn have by themselves, ties and all", () => {
    const few = fc.array(fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 4 })), {
      minLength: 2,
      maxLength: 12,
    });
    fc.assert(
      fc.property(few, fc.nat(9), (values, seed) => {
        const [x, y] = [values.map(([value]) => value), values.map(([, value]) => value)];
        const [{ draws }] = resampledSpearman([x], y, seed);
        const drawn: number[][] = [];
        resampled(values.length, seed, (times) => {
          drawn.push([...times].flatMap((count, i) => Array<number>(count).fill(i)));
          return [];
        });
        // the values themselves come before the draws
        for (const [draw, indices] of drawn.slice(1, 20).entries())
          expect(draws[draw]).toBeCloseTo(
            spearman(
              indices.map((i) => x[i]),
              indices.map((i) => y[i]),
            ),
            12,
          );
      }),
      { numRuns: 20 },
    );
  });

  test("of a difference is paired: a column less itself is 0 in every draw", () => {
    const [one, other] = resampledSpearman([noisy, noisy], scores, 3);
    const difference = combined((a, b) => a - b, one, other);
    expect(difference).toEqual({ value: 0, draws: new Float64Array(RESAMPLES) });
  });
});
