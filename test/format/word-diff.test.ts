import { describe, expect, test } from "vitest";

import { partingFinding, wordDiff, wordsFinding } from "../../src/format/word-diff";

const [haiku, limerick] = ["Write a haiku about rain.", "Write a limerick about rain, please."];

const changed = (a: string, b: string) => {
  const diff = wordDiff(a, b);
  const pieces = (text: string, side: "a" | "b") => diff?.[side].stretches.map(([from, to]) => text.slice(from, to));
  return [pieces(a, "a"), pieces(b, "b")];
};

describe("word for word", () => {
  test("each text has what the other has not in that place", () => {
    expect(changed(haiku, limerick)).toEqual([["haiku"], ["limerick", ", please"]]);
    expect(wordsFinding(wordDiff(haiku, limerick))).toBe(
      "Framed is what the other has not in that place: 1 of 5 words of A, 2 of 6 of B.",
    );
  });

  test("one text twice has nothing of its own", () => {
    expect(changed(haiku, haiku)).toEqual([[], []]);
    expect(wordsFinding(wordDiff(haiku, haiku))).toBe("Both are the same, letter for letter.");
  });

  test("words may be the same where what stands between them is not", () => {
    expect(changed("rain, tin", "rain; tin")).toEqual([[","], [";"]]);
    expect(wordsFinding(wordDiff("rain, tin", "rain; tin"))).toBe(
      "Both have the same words; what is framed between them differs.",
    );
  });

  test("words of scripts without spaces are told apart", () => {
    const [a] = changed("我喜欢下雨", "我喜欢下雪");
    expect(a?.join("")).not.toBe("我喜欢下雨");
    expect(a?.join("")).toContain("雨");
  });

  test("texts that share no more than small words are not laid beside each other", () => {
    const [river, cyclists] = [
      "The river rose in the night, and by morning it was gone.",
      "Two cyclists start at noon, and by evening they meet.",
    ];
    expect(wordDiff(river, cyclists)).toBeUndefined();
    // one of them in the middle of a longer text has
    expect(wordDiff(river, `Before that. ${river} ${cyclists}`)?.b.words).toBeGreaterThan(9);
  });

  test("texts with too little in common are not laid beside each other", () => {
    const text = (word: string) => Array.from({ length: 3000 }, (_, i) => `${word}${i}`).join(" ");
    const diff = wordDiff(text("a"), text("b"));
    expect(diff).toBeUndefined();
    expect(wordsFinding(diff)).toBe("The two have too little in common to be laid beside each other word for word.");
  });
});

describe("the token from which two texts part", () => {
  const tokens = (...texts: readonly string[]) => ({
    tokens: texts.map((text, i) => ({
      id: text.length * 1000 + text.charCodeAt(0),
      text,
      start: i,
      end: i,
      saliency: 0,
    })),
  });

  test("is the first that is not the same", () => {
    expect(partingFinding(tokens("Write", " a", " haiku"), tokens("Write", " a", " limerick"))).toBe(
      'The first 2 tokens are the same; then A has " haiku" and B " limerick".',
    );
    expect(partingFinding(tokens("Write", "x"), tokens("Write", "y"))).toBe(
      'The first token is the same; then A has "x" and B "y".',
    );
    expect(partingFinding(tokens("x"), tokens("y"))).toBe('They part from the first token on: A has "x", B "y".');
  });

  test("is where one ends that the other begins with", () => {
    expect(partingFinding(tokens("Rain"), tokens("Rain", "s"))).toBe(
      'The first token is the same; then A ends, and B goes on with "s".',
    );
    expect(partingFinding(tokens("Rain", "s"), tokens("Rain"))).toBe(
      'The first token is the same; then B ends, and A goes on with "s".',
    );
  });

  test("is none of one text twice", () => {
    expect(partingFinding(tokens("Rain"), tokens("Rain"))).toBe("Every token is the same.");
  });
});
