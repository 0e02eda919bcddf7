import { expect, test } from "vitest";
import { compilePattern, matches, split, type SplitBehavior } from "../../../../src/engine/model/tokenizer/patterns";
import { failureOf } from "../../support/errors";

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

test("an expression that is too large, or none, is refused in one short line, when it is carried out at the latest", async () => {
  for (const source of [
    "a".repeat(100_000),
    "(a{1,1000}){1,1000}{1,1000}",
    `[${"a-".repeat(10_000)}`,
    "(".repeat(50_000),
  ]) {
    const line = await failureOf(() => matches("ab", compilePattern({ Regex: source })));
    expect(line).toMatch(/^The tokenizer's pattern .* is not supported\. Use another model\.$/);
    expect(line.length).toBeLessThan(200);
  }
  expect(
    (await failureOf(() => matches("ab", compilePattern({ String: "a".repeat(20_000_000) })))).length,
  ).toBeLessThan(200);
});
