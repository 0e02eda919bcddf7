import { expect, test } from "vitest";
import { randomNumbers } from "../../../src/engine/numbers/random";
import { pieceCosts } from "../../../src/engine/quantize/piece-costs";

/** Values around 0 over some octaves, one of eight of them 0. */
function around(count: number, seed: number): Float32Array {
  const next = randomNumbers(seed);
  return Float32Array.from({ length: count }, () =>
    next() < 0.125 ? 0 : (next() < 0.5 ? -1 : 1) * Math.exp(-6 * next()),
  );
}

test.each([
  [1, 1],
  [3, 5],
  [2, 127],
  [4, 128],
  [9, 130],
  [31, 576],
  [2, 5000],
])("what rounding %i rows of %i weights costs is what its definition says", (rows, columns) => {
  const weights = around(rows * columns, 1);
  const scores = around(rows * columns, 2).map((score) => score ** 2 * 1e-9);
  const importance = around(columns, 3).map(Math.abs);
  const rounded = weights.map((weight) => Math.round(8 * weight) / 8);
  const sum = (of: (i: number) => number): number => weights.reduce((all, _, i) => all + of(i), 0);
  const errorOf = (i: number): number => rounded[i] - weights[i];

  for (const score of ["activation", "squared gradient"] as const) {
    const costs = pieceCosts(score, { weights, scores, importance });
    const { error, cost } = costs.of(rounded);
    const near = (found: number, expected: number): void => {
      expect(Math.abs(found - expected)).toBeLessThanOrEqual(1e-6 * expected);
    };
    near(
      costs.output,
      sum((i) => importance[i % columns] * weights[i] ** 2),
    );
    near(
      error,
      sum((i) => importance[i % columns] * errorOf(i) ** 2),
    );
    near(
      cost,
      score === "activation"
        ? sum((i) => (weights[i] === 0 ? 0 : (scores[i] * Math.abs(errorOf(i))) / Math.abs(weights[i])))
        : sum((i) => (scores[i] * errorOf(i) ** 2) / 2),
    );
    // what is rounded to itself costs nothing
    expect(costs.of(weights)).toEqual({ error: 0, cost: 0 });
  }
});
