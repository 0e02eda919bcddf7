import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { partialCorrelation, ranks, spearman } from "../../../src/engine/numbers/spearman";

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

describe("a partial correlation", () => {
  test("of what z says of neither is the correlation itself, and of x that is z nothing", () => {
    expect(partialCorrelation(0.6, 0, 0)).toBeCloseTo(0.6, 12);
    expect(partialCorrelation(0.6, 1, 0.6)).toBe(0);
    expect(partialCorrelation(0.6, 0.6, 1)).toBe(0);
    // (0.5 − 0.3) / √(0.64 · 0.75)
    expect(partialCorrelation(0.5, 0.6, 0.5)).toBeCloseTo(0.288675, 6);
  });
});
