import { expect, test } from "vitest";

import { intraclassCorrelation } from "../../../src/engine/numbers/intraclass";
import { randomNumbers } from "../../../src/engine/numbers/random";

/*
 * From raw indicators x [things, samples] of numpy's generator: F = scipy.stats.f_oneway(*x).statistic (a group per thing), and
 * (F − 1) / (F + samples − 1); the counts are np.bincount(x.sum(1)).
 */
test.each([
  [[96, 43, 18, 17, 26], 0.49419026870007265],
  [[110, 66, 71, 50, 57, 48, 39, 19, 20, 10, 1, 7, 2], 0.20495700251398316],
  [[39, 15, 6], 0.29086538461538475],
  [[58, 105, 83, 40, 13, 0, 1, 0], 0.008048373212193035],
])("counts %j have the correlation of scipy's analysis of variance", (counts, expected) => {
  expect(intraclassCorrelation(counts)).toBeCloseTo(expected, 12);
});

test("all the same is 1, avoiding each other the least there is, and there is none without a choice", () => {
  expect(intraclassCorrelation([4000, 0, 0, 4000])).toBe(1);
  expect(intraclassCorrelation([0, 100, 0, 0])).toBeCloseTo(-0.5, 12);
  for (const counts of [
    [100, 0, 0],
    [0, 0, 100],
    [90, 10],
    [0, 1, 0],
  ])
    expect(intraclassCorrelation(counts)).toBeNull();
});

/** Counts of things that are had with a probability of their own, 0.4 or 0.1: two samples then correlate by 0.12. */
function countsOf(samples: number): number[] {
  const next = randomNumbers(samples);
  const counts = new Array<number>(samples + 1).fill(0);
  for (let thing = 0; thing < 40_000; thing++) {
    const probability = thing % 2 === 0 ? 0.4 : 0.1;
    const times = Array.from({ length: samples }, () => next() < probability).filter(Boolean).length;
    counts[times]++;
  }
  return counts;
}

test("it is the same for 3 samples and for 48", () => {
  // variance of the probabilities 0.15², of an indicator 0.25 · 0.75
  for (const samples of [3, 12, 48])
    expect(Math.abs((intraclassCorrelation(countsOf(samples)) ?? NaN) - 0.15 ** 2 / (0.25 * 0.75))).toBeLessThan(0.01);
});
