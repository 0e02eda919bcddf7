import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formBatches } from "../../../src/engine/sweep/batch";

fc.configureGlobal({ seed: 1, numRuns: 300 });

const lengthsOf = fc.array(fc.integer({ min: 1, max: 512 }), { minLength: 1, maxLength: 40 });
const budgetOf = fc.integer({ min: 1, max: 4096 });

describe("batches", () => {
  test("hold every sample once", () => {
    fc.assert(
      fc.property(lengthsOf, budgetOf, (lengths, budget) => {
        const samples = formBatches(lengths, budget, []).flatMap((batch) => batch.samples);
        expect(samples.toSorted((a, b) => a - b)).toEqual(lengths.map((_, i) => i));
      }),
    );
  });

  test("are as long as their longest sample, within the budget, and a fifth padding at most", () => {
    fc.assert(
      fc.property(lengthsOf, budgetOf, (lengths, budget) => {
        for (const { samples, tokens } of formBatches(lengths, budget, [])) {
          const own = samples.map((sample) => lengths[sample]);
          expect(tokens).toBe(Math.max(...own));
          if (samples.length === 1) continue;
          expect(tokens * samples.length).toBeLessThanOrEqual(budget);
          expect(own.reduce((sum, length) => sum + length, 0)).toBeGreaterThanOrEqual(0.8 * tokens * samples.length);
        }
      }),
    );
  });

  test("keep together what belongs together, where budget and padding allow it", () => {
    const lengths = [1000, 400, 980, 410, 200, 1000];
    const together = [
      [1, 3],
      [0, 2],
      [4, 5],
    ];
    const batches = formBatches(lengths, 2000, together).map(({ samples }) => samples.toSorted((a, b) => a - b));
    const shared = (a: number, b: number): boolean => batches.some((of) => of.includes(a) && of.includes(b));
    expect(shared(1, 3)).toBe(true);
    expect(shared(0, 2)).toBe(true);
    // 200 and 1000 would be padding for the most part
    expect(shared(4, 5)).toBe(false);
    // of few positions that does not matter
    const few = formBatches([100, 40, 20, 90], 200, [[0, 2]]);
    expect(few.some(({ samples }) => samples.includes(0) && samples.includes(2))).toBe(true);
  });

  test("of texts of one length are as large as the budget allows", () => {
    const batches = formBatches(new Array<number>(10).fill(64), 256, []);
    expect(batches.map(({ samples }) => samples.length)).toEqual([4, 4, 2]);
  });
});
