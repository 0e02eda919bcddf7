import { describe, expect, test } from "vitest";

import { swapSides } from "../../src/engine/document/swap-sides";
import { areAlike, leastAlike, matrixWithSimilarity, ownHeads, relevanceSentences } from "../../src/format/comparison";
import { comparison } from "../cli/documents";

describe("relevance", () => {
  const measured = {
    ...comparison(),
    contrastRelevance: 0.2,
    percentile: 96.4,
    contrastPercentile: 100,
    yardstick: { pairs: 171, tokens: 32, median: 0.7, contrastMedian: 0.1 },
  };

  test("is said with its yardstick, and without one where there is none", () => {
    expect(relevanceSentences(measured)).toEqual([
      "Relevance 0.4: the mean similarity of the deep layers 2 to 3, more than 96 % of 171 pairs of unrelated texts on this model (their median is 0.7).",
      "Contrast relevance 0.2: without what all texts have in common, more than any of 171 pairs of unrelated texts on this model (their median is 0.1).",
    ]);
    expect(relevanceSentences(comparison())).toEqual(["Relevance 0.4: the mean similarity of the deep layers 2 to 3."]);
  });
});

describe("where two part", () => {
  test("are the matrices least alike", () => {
    const [first, second] = leastAlike(comparison(), 2);
    expect(matrixWithSimilarity(first)).toBe("layer 3 down (0.25)");
    expect(second).toMatchObject({ row: 3, index: 0, layer: 3, name: "q" });
  });

  test("nowhere, when all similarities are 1", () => {
    expect(areAlike(comparison())).toBe(false);
    const same = comparison().layers.map((layer) => ({
      ...layer,
      modules: layer.modules.map((module) => ({ ...module, similarity: 0.999_999 })),
    }));
    expect(areAlike({ layers: same })).toBe(true);
  });
});

describe("heads of one side", () => {
  const document = comparison();
  const heads = (a: readonly number[], b: readonly number[]) =>
    a.map((sum, head) => ({ head, similarity: 0.5, a: sum, b: b[head] }));
  const even = Array.from({ length: 5 }, () => 1);
  const layers = [
    { a: [9, ...even.slice(1)], b: even },
    { a: even, b: [...even.slice(1), 40] },
  ].map(({ a, b }, i) => ({
    ...document.layers[i],
    modules: [
      { ...document.layers[i].modules[0], a: 100, b: 1000, heads: heads(a, b) },
      // Keys with fewer heads are other heads.
      { ...document.layers[i].modules[1], a: 100, b: 1000, heads: heads([500], [500]) },
    ],
  }));

  test("are its strongest tenth that is not the other's, by their parts of each side", () => {
    const { a, b } = ownHeads({ layers });
    // 9 of 400 against 1 of 4000: that B is ten times as strong altogether makes no heads its own.
    expect(a[0]).toMatchObject({ layer: 0, head: 0 });
    expect(a[0].times).toBeCloseTo(90);
    expect(b[0]).toMatchObject({ layer: 1, head: 4 });
    expect(b[0].times).toBeCloseTo(4);
  });

  test("are none where both have the same", () => {
    const same = layers.map((layer) => ({
      ...layer,
      modules: layer.modules.map((module) => ({
        ...module,
        heads: module.heads.map((head) => ({ ...head, b: 10 * head.a })),
      })),
    }));
    expect(ownHeads({ layers: same })).toEqual({ a: [], b: [], areSame: true });
  });
});

test("swapped twice a comparison is what it was, and once its sides have changed places", () => {
  const document = comparison();
  const swapped = swapSides(document);
  expect(swapped.a.name).toBe("b.txt");
  expect(swapped.layers[0].modules[0]).toMatchObject({ a: 3e-4, b: 2e-4, onlyA: [], onlyB: [{ a: 1e-9, b: 5e-5 }] });
  expect(swapSides(swapped)).toEqual(document);
});
