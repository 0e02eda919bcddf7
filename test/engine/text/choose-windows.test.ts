import fc from "fast-check";
import { expect, test } from "vitest";
import { chooseWindows } from "../../../src/engine/text/choose-windows";

test("all windows are taken when there are few", () => {
  expect(chooseWindows([2, 1], 3)).toEqual([[0, 1], [0]]);
});

test("of too many, those at ⌊i·N/max⌋", () => {
  expect(chooseWindows([10], 4)).toEqual([[0, 2, 5, 7]]);
  expect(chooseWindows([6, 4], 4)).toEqual([[0, 2, 5], [1]]);
});

test("a text without a window gets its first; the largest gives one up and is spaced anew", () => {
  expect(chooseWindows([20, 1, 1], 4)).toEqual([[0, 10], [0], [0]]);
});

test("more texts than windows: one of each", () => {
  expect(chooseWindows([3, 1, 2], 2)).toEqual([[0], [0], [0]]);
});

test("as many as allowed, at least one of each, ascending and distinct", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 1, max: 40 }),
      (counts, max) => {
        const chosen = chooseWindows(counts, max);
        const total = counts.reduce((a, b) => a + b, 0);
        expect(chosen.flat().length).toBe(Math.min(total, Math.max(max, counts.length)));
        for (const [text, windows] of chosen.entries()) {
          expect(windows.length).toBeGreaterThan(0);
          expect(windows).toEqual([...new Set(windows)].sort((a, b) => a - b));
          expect(Math.max(...windows)).toBeLessThan(counts[text]);
        }
      },
    ),
    { seed: 3, numRuns: 500 },
  );
});
