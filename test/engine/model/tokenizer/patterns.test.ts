import { expect, test } from "vitest";
import { compilePattern, matches, split, type SplitBehavior } from "../../../../src/engine/model/tokenizer/patterns";

test("strings are taken literally", () => {
  for (const text of ["-", ".", "a|b", "[x]", "\\", "/", "^$", "{1}", " ", "▁"]) {
    expect([...matches(`x${text}y${text}`, compilePattern({ String: text }))].length).toBe(2);
  }
});

test("expressions have Unicode's white space", () => {
  const spans = [...matches("a\u0085b\ufeffc\u3000d", compilePattern({ Regex: "\\s" }))];
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
  const spans = split(text.length, matches(text, /-/gu), behavior, false);
  expect(spans.map(({ from, to }) => text.slice(from, to)).join("|")).toBe(expected);
});
