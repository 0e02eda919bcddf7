import { describe, expect, test } from "vitest";
import {
  activationAllocation,
  MOST_SPARSITY,
  outlierAllocation,
  planSparsities,
  uniformAllocation,
} from "../../../src/engine/prune/allocation";
import { allocationNotes } from "../../../src/engine/prune/prune";
import type { Pruned } from "../../../src/engine/prune/prune-model";
import type { PruneRequest } from "../../../src/engine/api";
import { randomNumbers } from "../../../src/engine/numbers/random";

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe("allocation by activation", () => {
  test("denser layers keep more, by λ at most", () => {
    const { sparsities, atBounds } = activationAllocation([0.3, 0.1, 0.1, 0.1], 0.5, 0.08);
    // d̄ = 0.15, the largest distance 0.15
    expect(sparsities[0]).toBeCloseTo(0.5 - 0.08, 9);
    expect(sparsities[1]).toBeCloseTo(0.5 + 0.08 / 3, 9);
    expect(atBounds).toBe(0);
  });

  test("is uniform where all layers are equally dense, whatever the rounding", () => {
    expect(activationAllocation([0.1, 0.1 + 1e-17, 0.1 - 1e-16], 0.5, 0.08).sparsities).toEqual([0.5, 0.5, 0.5]);
  });
});

describe.each([
  ["activation", activationAllocation],
  ["outliers", outlierAllocation],
])("allocation by %s", (_, allocated) => {
  test.each([0, 0.01, 0.05, 0.3, 0.5, 0.7, 0.9, 0.93, 0.95])("has the mean %d, within its bounds", (sparsity) => {
    const next = randomNumbers(Math.round(1000 * sparsity));
    for (let round = 0; round < 20; round++) {
      const densities = Array.from({ length: 2 + Math.floor(40 * next()) }, () => next() ** 3);
      const { sparsities, atBounds } = allocated(densities, sparsity, 0.02 + 0.3 * next());
      expect(mean(sparsities)).toBeCloseTo(sparsity, 9);
      expect(Math.min(...sparsities)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...sparsities)).toBeLessThanOrEqual(MOST_SPARSITY);
      const isHeld = (share: number): boolean => sparsity > 0 && (share < 1e-9 || share > MOST_SPARSITY - 1e-9);
      expect(atBounds).toBe(sparsities.filter(isHeld).length);
      const order = densities.map((_, layer) => layer).sort((a, b) => densities[b] - densities[a]);
      order.slice(1).forEach((layer, i) => {
        expect(sparsities[layer]).toBeGreaterThanOrEqual(sparsities[order[i]] - 1e-12);
      });
    }
  });
});

test("allocation by outliers spreads layers over 2λ, the mean being what was asked for", () => {
  const { sparsities, atBounds } = outlierAllocation([0.04, 0, 0.01, 0.01], 0.6, 0.1);
  // D = 0.2, 0, 0.05, 0.05, their mean 0.075
  const expected = [0.475, 0.675, 0.625, 0.625];
  sparsities.forEach((share, layer) => {
    expect(share).toBeCloseTo(expected[layer], 9);
  });
  expect(atBounds).toBe(0);
  expect(outlierAllocation([0.01, 0.01], 0.6, 0.1).sparsities).toEqual([0.6, 0.6]);
});

test("a given allocation keeps its distances, shifted to what was asked for, within bounds", () => {
  const given = { allocation: "given", sparsities: [0.2, 0.4, 0.6] } as const;
  const rounded = (sparsity: number) =>
    planSparsities(3, {}, { ...given, sparsity }).sparsities.map((share) => Number(share.toFixed(6)));
  expect(rounded(0.4)).toEqual([0.2, 0.4, 0.6]);
  expect(rounded(0.5)).toEqual([0.3, 0.5, 0.7]);
  expect(rounded(0.85)).toEqual([0.7, 0.9, 0.95]);
  // a pattern takes the same of every layer whatever is given
  expect(planSparsities(3, {}, { ...given, sparsity: 0.4, pattern: { pruned: 2, of: 4 } }).sparsities).toEqual([
    0.5, 0.5, 0.5,
  ]);
});

test("uniform allocation takes the same of every layer", () => {
  expect(uniformAllocation(3, 0.4)).toEqual({ sparsities: [0.4, 0.4, 0.4], atBounds: 0 });
});

test("layers are said to be equally dense where they are, not where they lose the same for another reason", () => {
  const noted = (densities: readonly number[], sparsity: number): string[] => {
    const allocation = activationAllocation(densities, sparsity, 0.08);
    const request = { allocation: "activation", calibration: [], criterion: "wanda" } as unknown as PruneRequest;
    return allocationNotes(request, { allocation, densities } as unknown as Pruned);
  };
  expect(noted([0.1, 0.1], 0.5)).toEqual(["All layers activate equally densely: the allocation is uniform."]);
  expect(noted([0.1, 0.3], 0.5)).toEqual([]);
  // nothing goes of any layer, however dense
  expect(noted([0.1, 0.3], 0)).toEqual([]);
  expect(noted([0.1, 0.3], 0.01)).toEqual([
    "The allocation reached its bounds in 1 of 2 layers: none loses less than nothing or more than 95 %.",
  ]);
});
