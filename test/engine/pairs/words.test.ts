import { describe, expect, test } from "vitest";
import { wordLikeness, wordsOf } from "../../../src/engine/pairs/words";
import { baselines } from "../support/pairs-baselines";

describe("words", () => {
  test.each([
    ["A man's 3.5 KILOS", ["a", "man", "s", "3", "5", "kilos"]],
    ["stop_it, naïve École", ["stop", "it", "naïve", "école"]],
    ["e\u0301t\u00e9", ["été"]],
    ["हिन्दी भाषा", ["हिन्दी", "भाषा"]],
    // Chinese, Japanese and Thai have no spaces
    ["我爱 abc中文123", ["我", "爱", "abc", "中", "文", "123"]],
    ["カナ", ["カ", "ナ"]],
    ["ดี", ["ดี"]],
    ["?! …", []],
    ["", []],
  ])("of %j are %j", (text, expected) => {
    expect(wordsOf(text)).toEqual(expected);
  });

  test("are as alike as scikit-learn and sets say", () => {
    const { texts, numbers, tfidf, jaccard } = baselines;
    const found = wordLikeness(texts, numbers);
    found.tfidf.forEach((value, pair) => {
      expect(value).toBeCloseTo(tfidf[pair], 12);
    });
    found.jaccard.forEach((value, pair) => {
      expect(value).toBeCloseTo(jaccard[pair], 12);
    });
  });
});
