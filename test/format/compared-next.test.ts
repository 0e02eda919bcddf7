import { describe, expect, test } from "vitest";

import { formatProbability, nextFinding, nextShares } from "../../src/format/compared-next";

const told = (...tokens: readonly [text: string, probability: number][]) =>
  tokens.map(([text, probability]) => ({ id: text.charCodeAt(1), text, probability }));

const [rome, tokyo] = [
  told([" Rome", 0.84], [" Milan", 0.05], [" the", 0.01]),
  told([" Tokyo", 0.6], [" the", 0.2], [" Osaka", 0.04]),
];

describe("what may come next after two texts", () => {
  test("is every token that is likely after either, the likeliest first", () => {
    const shares = nextShares(rome, tokyo);
    expect(shares.map(({ text }) => text)).toEqual([" Rome", " Tokyo", " the", " Milan", " Osaka"]);
    expect(shares.map(({ a, b }) => [formatProbability(a), formatProbability(b)])).toEqual([
      ["84 %", "less than 4 %"],
      ["less than 1 %", "60 %"],
      ["1 %", "20 %"],
      ["5 %", "less than 4 %"],
      ["less than 1 %", "4 %"],
    ]);
    expect(nextFinding(shares)).toBe('They part most in " Rome": 84 % in A, less than 4 % in B.');
  });

  test("has the figures of both sides where the result does", () => {
    const shares = nextShares(rome, tokyo, [
      { id: 82, text: " Rome", a: 0.84, b: 0.003 },
      { id: 84, text: " Tokyo", a: null, b: 0.6 },
    ]);
    expect(shares.map(({ a, b }) => [formatProbability(a), formatProbability(b)])).toEqual([
      ["84 %", "0.3 %"],
      ["less than 1 %", "60 %"],
    ]);
    expect(nextFinding(shares)).toBe('They part most in " Rome": 84 % in A, 0.3 % in B.');
  });

  test("is the same where it prints the same, and nothing where nothing is told", () => {
    const near = told([" Rome", 0.8401], [" Milan", 0.05001], [" the", 0.01]);
    expect(nextFinding(nextShares(rome, near))).toBe("Both take the same tokens for as likely.");
    // the largest difference prints alike, a smaller one does not
    const [a, b] = [told([" x", 0.1249], [" y", 0.001]), told([" x", 0.1204], [" y", 0.0012])];
    expect(nextFinding(nextShares(a, b))).toBe('They part most in " y": 0.1 % in A, 0.12 % in B.');
    expect(nextFinding(nextShares(rome, rome))).toBe("Both take the same tokens for as likely.");
    expect(nextFinding([])).toBe("");
  });

  test("what is only known to be below a figure is not said to be far from it", () => {
    const [a, b] = [told([" x", 0.05], [" y", 0.05]), told([" z", 0.05], [" w", 0.05])];
    expect(nextFinding(nextShares(a, b))).toBe("Of no token is it told that one of them takes it for likelier.");
  });
});
