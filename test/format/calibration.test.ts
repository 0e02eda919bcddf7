import { describe, expect, test } from "vitest";
import type { CalibrationDocument } from "../../src/engine/document/document";
import { calibrationSentences } from "../../src/format/calibration";

function documentOf(
  dense: number[],
  perplexity: number[][],
  choice: CalibrationDocument["choice"] = null,
): CalibrationDocument {
  const names = ["fiction", "news", "code"];
  const calibrations = perplexity.map((_, i) => ({
    name: choice === null ? names[i] : i === 0 ? "chosen" : `random ${i}`,
    kind: choice === null ? ("domain" as const) : i === 0 ? ("chosen" as const) : ("random" as const),
    sources: [],
    texts: 8,
    tokens: 1000,
  }));
  const evaluations = dense.map((_, i) => ({
    name: names[i],
    sources: [],
    texts: 1,
    tokens: 1,
    windows: 1,
    available: 1,
  }));
  return { calibrations, evaluations, dense, perplexity, choice } as unknown as CalibrationDocument;
}

/** Of the first domain, with its own texts, those of the second and of the third. */
const sentenceOf = (...perplexity: number[]): string =>
  calibrationSentences(
    documentOf(
      [10, 10, 10].slice(0, perplexity.length),
      perplexity.map((value) => [value, 20, 20]),
    ),
  )[0];

describe("what to calibrate with", () => {
  test.each([
    [
      [20, 22, 25],
      "For fiction calibrate with its own texts: perplexity 20 (dense 10), 9.1 % less than with news, and 20 % less than with code, the worst.",
    ],
    [
      [22, 20, 25],
      "For fiction calibrate with news: perplexity 20 (dense 10), 9.1 % less than with its own texts, and 20 % less than with code, the worst.",
    ],
    [
      [25, 20, 22],
      "For fiction calibrate with news: perplexity 20 (dense 10), 20 % less than with its own texts, the worst.",
    ],
    [
      [20.1, 20, 25],
      "For fiction calibrate with its own texts: perplexity 20.1 (dense 10), about as much as with news, and 20 % less than with code, the worst.",
    ],
    [
      [20, 20.2, 20.3],
      "For fiction all calibrations do about as well: perplexity 20 (dense 10) with its own texts, and within 1.5 % of that with the others; rounding alone makes up to 2 %.",
    ],
    [[20, 25], "For fiction calibrate with its own texts: perplexity 20 (dense 10), 20 % less than with news."],
  ])("%j", (perplexity, sentence) => {
    expect(sentenceOf(...perplexity)).toBe(sentence);
  });
});

describe("what choosing is worth", () => {
  const choice = { pool: "web", seed: 0, similarities: [] };
  test.each([
    [20, "12 % less, and less than in every draw"],
    [22.2, "choosing makes no difference that chance does not"],
    [30, "32 % more: here choosing is worse than chance"],
  ])("%d", (chosen, verdict) => {
    expect(calibrationSentences(documentOf([10], [[chosen], [22], [22.7], [23.6]], choice))).toEqual([
      `The 8 texts of web most like fiction give perplexity ${chosen} (dense 10), as many random ones 22.8 (22 to 23.6 in 3 draws): ${verdict}.`,
    ]);
  });
});
