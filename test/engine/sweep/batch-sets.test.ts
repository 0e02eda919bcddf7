import { expect, test } from "vitest";
import { formBatches } from "../../../src/engine/sweep/batch";
import { setsOfBatches } from "../../../src/engine/sweep/batch-sets";

const batches = [
  { samples: [2, 0], tokens: 4 },
  { samples: [1, 3], tokens: 4 },
];

test("a set has in each batch its part of the mean, and is whole where all of its unit is in one", () => {
  const [first, second] = setsOfBatches(batches, [{ sets: [[0, 1, 2]] }, { sets: [[3], [1]] }]);
  expect(first.sets).toEqual([{ unit: 0, set: 0, samples: [1, 0], shares: [1 / 3, 1 / 3] }]);
  expect(first.whole).toEqual([]);
  expect(second.sets).toEqual([
    { unit: 0, set: 0, samples: [0], shares: [1 / 3] },
    { unit: 1, set: 0, samples: [1], shares: [1] },
    { unit: 1, set: 1, samples: [0], shares: [1] },
  ]);
  expect(second.whole).toEqual([1]);
});

/* What takes time by the square of them would take minutes. */
test("20,000 samples are found in their batches, as one set and as a set each", () => {
  const lengths = Array.from({ length: 20_000 }, (_, i) => 8 + (i % 40));
  const all = [...lengths.keys()];
  const many = formBatches(lengths, 256, []);
  const sets = setsOfBatches(many, [{ sets: [all] }, ...all.map((sample) => ({ sets: [[sample]] }))]);
  expect(sets.reduce((sum, { whole }) => sum + whole.length, 0)).toBe(20_000);
  for (const [batch, { samples }] of many.entries()) expect(sets[batch].sets).toHaveLength(samples.length + 1);
});
