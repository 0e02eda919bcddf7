import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bootstrapIntervals, ranks, spearman } from "../../../src/engine/numbers/spearman";

describe("Spearman's rho", () => {
  test("ranks equal values alike", () => {
    expect([...ranks([10, 20, 20, 5, 20])]).toEqual([2, 4, 4, 1, 4]);
  });

  // scipy.stats.spearmanr([1, 2, 2, 4, 5, 6, 3], [2, 1, 3, 3, 7, 5, 1]) and ([0.1, 0.5, 0.2, 0.9], [3, 1, 4, 1])
  test("is that of SciPy, with ties", () => {
    expect(spearman([1, 2, 2, 4, 5, 6, 3], [2, 1, 3, 3, 7, 5, 1])).toBeCloseTo(0.6789276551612557, 12);
    expect(spearman([0.1, 0.5, 0.2, 0.9], [3, 1, 4, 1])).toBeCloseTo(-0.7378647873726218, 12);
  });

  test("is 1 for any rising function, −1 for a falling one, 0 for a constant", () => {
    const values = fc.uniqueArray(fc.double({ min: -50, max: 50, noNaN: true }), { minLength: 3, maxLength: 30 });
    fc.assert(
      fc.property(values, (x) => {
        const order = ranks(x);
        expect(spearman(x, [...order])).toBeCloseTo(1, 10);
        expect(
          spearman(
            x,
            [...order].map((rank) => -rank),
          ),
        ).toBeCloseTo(-1, 10);
        expect(
          spearman(
            x,
            x.map(() => 7),
          ),
        ).toBe(0);
      }),
    );
  });
});

describe("bootstrap intervals", () => {
  const scores = Array.from({ length: 60 }, (_, i) => (i * 37) % 61);
  const noisy = scores.map((score, i) => score + ((i * 53) % 40));

  test("hold rho, are the same for the same seed, and differ with another", () => {
    const [[low, high]] = bootstrapIntervals([noisy], scores, 0);
    const rho = spearman(noisy, scores);
    expect(low).toBeLessThan(rho);
    expect(high).toBeGreaterThan(rho);
    expect(bootstrapIntervals([noisy], scores, 0)).toEqual([[low, high]]);
    expect(bootstrapIntervals([noisy], scores, 1)).not.toEqual([[low, high]]);
  });

  // NumPy and SciPy: 20,000 resamples of the same data give 0.739 to 0.871
  test("are as wide as those of SciPy", () => {
    const [[low, high]] = bootstrapIntervals([noisy], scores, 0);
    expect(low).toBeCloseTo(0.739, 1);
    expect(high).toBeCloseTo(0.871, 1);
  });

  test("are a point where the ranks agree", () => {
    expect(bootstrapIntervals([scores], scores, 0)).toEqual([[1, 1]]);
  });
});
