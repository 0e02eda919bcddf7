import { expect, test } from "vitest";

import { median, quantile } from "../../../src/engine/numbers/statistics";

test("a quantile lies between two values by their distances, in whatever order they come", () => {
  expect(median([4, 1, 2])).toBe(2);
  expect(median([8, 4, 1, 2])).toBe(3);
  expect(quantile([10, 0], 0.25)).toBe(2.5);
  expect(quantile([3], 0.9)).toBe(3);
  expect(quantile([], 0.5)).toBeNaN();
});
