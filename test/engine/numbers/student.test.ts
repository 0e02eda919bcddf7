import { expect, test } from "vitest";

import { holmCorrected } from "../../../src/engine/numbers/holm";
import { meanInterval } from "../../../src/engine/numbers/mean-interval";
import { studentDeviate } from "../../../src/engine/numbers/student";

// scipy.stats.t.ppf(0.975, freedom)
test.each([
  [1, 12.706204736174694],
  [2, 4.302652729749462],
  [3, 3.1824463052837078],
  [4, 2.7764451051977934],
  [7, 2.364624251592784],
  [30, 2.0422724563012378],
  [31, 2.039513446396408],
  [200, 1.9718962236339088],
])("t of %i degrees of freedom is scipy's", (freedom, expected) => {
  expect(studentDeviate(freedom)).toBeCloseTo(expected, 8);
});

// by hand: the smallest of n times n, the next times n − 1, none below one before it
test("Holm's correction keeps the order of the tests, and what is below another is not corrected to more", () => {
  expect(holmCorrected([0.04, 0.01, 0.03])).toEqual([0.06, 0.03, 0.06]);
  expect(holmCorrected([0.5, 0.9])).toEqual([1, 1]);
  expect(holmCorrected([])).toEqual([]);
});

// scipy.stats.t.interval(0.95, 3, loc=x.mean(), scale=scipy.stats.sem(x))
test("the interval of a mean is scipy's", () => {
  const { mean, interval } = meanInterval([1, 2, 4, 7]);
  expect(mean).toBe(3.5);
  expect(interval).toEqual([-0.7099807422985158, 7.709980742298516].map((end) => expect.closeTo(end, 9) as number));
});
