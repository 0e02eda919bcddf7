import { expect, test } from "vitest";
import { compilePattern, matches, split, type SplitBehavior } from "../../../../src/engine/model/tokenizer/patterns";

test("strings are taken literally", () => {
  for (const text of ["-", ".", "a|b", "[x]", "\\", "/", "^$", "{1}", " ", "▁"]) {
    expect(matches(`x${text}y${text}`, compilePattern({ String: text }))).toHaveLength(2);
  }
});

test("expressions have Unicode's white space", () => {
  const spans = matches("a\u0085b\ufeffc\u3000d", compilePattern({ Regex: "\\s" }));
  expect(spans.map(({ from }) => from)).toEqual([1, 5]);
});

/** As tokenizers' own documentation has it: "the-final--countdown" at "-". */
test.each<[SplitBehavior, string]>([
  ["Removed", "the|final|countdown"],
  ["Isolated", "the|-|final|-|-|countdown"],
  ["MergedWithPrevious", "the-|final-|-|countdown"],
  ["MergedWithNext", "the|-final|-|-countdown"],
  ["Contiguous", "the|-|final|--|countdown"],
])("%s", (behavior, expected) => {
  const text = "the-final--countdown";
  const spans = split(text, /-/gu, behavior, false);
  expect(spans.map(({ from, to }) => text.slice(from, to)).join("|")).toBe(expected);
});

test.each<[SplitBehavior, string]>([
  ["Isolated", "ab|12|cd|3"],
  ["MergedWithPrevious", "ab|12|cd|3"],
  ["MergedWithNext", "ab|12|cd|3"],
])("empty matches cut a text and are no piece: %s", (behavior, expected) => {
  const text = "ab12cd3";
  const spans = split(text, /(?<=\D)(?=\d)|(?<=\d)(?=\D)/gu, behavior, false);
  expect(spans.map(({ from, to }) => text.slice(from, to)).join("|")).toBe(expected);
});
