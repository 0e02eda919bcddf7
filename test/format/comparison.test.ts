import { describe, expect, test } from "vitest";

import { swapSides } from "../../src/engine/document/swap-sides";
import {
  areAlike,
  leastAlike,
  matrixWithSimilarity,
  ownHeads,
  relevanceSentences,
  withoutTemplate,
} from "../../src/format/comparison";
import { comparison } from "../cli/documents";

describe("relevance", () => {
  const measured = {
    ...comparison(),
    contrastRelevance: 0.2,
    percentile: 0.964,
    percentiles: { similarity: 1, contrast: 0.964 },
    yardstick: {
      pairs: 1024,
      texts: 128,
      a: { length: "short", ending: "sentence" },
      b: { length: "short", ending: "sentence" },
      median: 0.7,
      contrastMedian: 0.1,
    },
  } as const;

  test("says how the unrelated texts are like the two, and what stood around them", () => {
    const classes = (a: object, b: object, template: string | null = null) => {
      const yardstick = { ...measured.yardstick, a, b } as typeof measured.yardstick;
      return relevanceSentences({ ...measured, yardstick, template }).slice(2);
    };
    expect(classes({ length: "long", ending: "line" }, { length: "long", ending: "middle" })).toEqual([
      "The unrelated texts are 128 long ones, of which one ends with a line and the other ends in the middle of a sentence, on this model.",
    ]);
    expect(classes({ length: "short", ending: "line" }, { length: "long", ending: "line" })).toEqual([
      "The unrelated texts are 128 short and long ones, as the two are, that end with a line, on this model.",
    ]);
    expect(classes({ length: "brief", ending: "middle" }, { length: "brief", ending: "middle" })).toEqual([
      "The unrelated texts are 128 very short ones that end in the middle of a sentence, on this model.",
    ]);
    expect(classes({ length: "short", ending: null }, { length: "long", ending: null }, 'One word: "{text}"')).toEqual([
      "The unrelated texts are 128 short and long ones, as the two are, on this model.",
      'Each text stood in the template One word: "{text}"',
    ]);
  });

  test("is said with its yardstick, and without one where there is none", () => {
    expect(relevanceSentences(measured)).toEqual([
      "Contrast relevance 0.2, without what all texts have in common: the mean of the deep layers 2 to 3, more than 96 % of 1024 pairs of unrelated texts (their median is 0.1).",
      "As in the paper, relevance 0.4: the mean similarity of the same layers, more than any of 1024 pairs of unrelated texts (their median is 0.7).",
      "The unrelated texts are 128 short ones that end with a sentence, on this model.",
    ]);
    expect(relevanceSentences({ ...measured, deep: [2, 3] }).slice(0, 2)).toEqual([
      "Contrast relevance 0.2, without what all texts have in common: that of the deep layer 2, more than 96 % of 1024 pairs of unrelated texts (their median is 0.1).",
      "As in the paper, relevance 0.4: the similarity of the same layer, more than any of 1024 pairs of unrelated texts (their median is 0.7).",
    ]);
    // a file of version 2 has no place of the paper's
    const earlier = { ...measured, percentiles: { similarity: null, contrast: 0.964 } };
    expect(relevanceSentences({ ...earlier, yardstick: { ...measured.yardstick, median: null } })[1]).toBe(
      "As in the paper, relevance 0.4: the mean similarity of the same layers.",
    );
    expect(relevanceSentences(comparison())).toEqual(["Relevance 0.4: the mean similarity of the deep layers 2 to 3."]);
  });
});

test("a text is told without the template that it stood in", () => {
  const template = 'One word: "{text}"';
  expect(withoutTemplate('One word: "rain"', template)).toBe("rain");
  expect(withoutTemplate("rain", template)).toBe("rain");
  expect(withoutTemplate("rain", null)).toBe("rain");
  // its place twice, or cut short
  expect(withoutTemplate("a and a", "{text} and {text}")).toBe("a and a");
  expect(withoutTemplate('One word: "', 'One word: "{text}"')).toBe('One word: "');
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
