import { expect, test } from "vitest";
import { wilsonInterval } from "../../../src/engine/numbers/intervals";

test.each([
  // scipy 1.17: binomtest(count, of).proportion_ci(method="wilson")
  [0, 1, 0, 0.7934506856],
  [1, 1, 0.2065493144, 1],
  [3, 7, 0.1582198553, 0.7495416355],
  [60, 64, 0.8500251491, 0.9754287986],
  [64, 64, 0.9433759402, 1],
  [0, 20, 0, 0.1611251581],
])("Wilson's interval of %i of %i", (count, of, low, high) => {
  expect(wilsonInterval(count, of)).toEqual([expect.closeTo(low, 9), expect.closeTo(high, 9)]);
});
