import { expect, test } from "vitest";
import { expectedInWords, unexpectedLevel } from "../../src/format/live";
import { nextInLine } from "../../src/format/next-tokens";

test.each([
  [0.5, 0],
  [0.11, 0],
  [0.09, 1],
  [0.009, 2],
  [0.0009, 3],
  [1e-12, 3],
])("a token of the probability %d is of the level %d", (probability, level) => {
  expect(unexpectedLevel(-Math.log(probability))).toBe(level);
});

test("how little a token was expected is said in per cent, and what comes next in a line", () => {
  expect(expectedInWords(" reef", -Math.log(0.003))).toBe('The model gave " reef" a chance of 0.3 % here.');
  expect(expectedInWords("x", -Math.log(2e-9))).toBe('The model gave "x" a chance of 2e-7 % here.');
  const tokens = [" a", " b", " c", " d"].map((text, i) => ({ text, probability: 0.4 / (i + 1) }));
  expect(nextInLine(tokens)).toBe('" a" 40 % · " b" 20 % · " c" 13 %');
});
