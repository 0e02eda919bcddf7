import { expect, test } from "vitest";
import { withoutCopies } from "../../../src/engine/text/copies";

const texts = (...contents: string[]) => contents.map((text, i) => ({ source: `${i + 1}.txt`, text }));

function kept(given: readonly { source: string; text: string }[], of?: string): { sources: string[]; notes: string[] } {
  const notes: string[] = [];
  return { sources: withoutCopies(given, notes, of).map(({ source }) => source), notes };
}

test("texts of their own are all taken, and nothing is said", () => {
  expect(kept(texts("one", "One", "o ne", "one more"))).toEqual({
    sources: ["1.txt", "2.txt", "3.txt", "4.txt"],
    notes: [],
  });
});

test("a copy is left out and named, also where only white space is about it", () => {
  expect(kept(texts("one", "two", "\none\n"))).toEqual({
    sources: ["1.txt", "2.txt"],
    notes: ["3.txt says the same as 1.txt and was left out: a copy is no further evidence."],
  });
});

test("several copies are counted", () => {
  expect(kept(texts("one", "two", "one", "two", "one"), "news")).toEqual({
    sources: ["1.txt", "2.txt"],
    notes: ["3 of 5 texts of news say the same as others and were left out: copies are no further evidence."],
  });
});

test("a file that is named twice is said to be", () => {
  const [one] = texts("one");
  expect(kept([one, one].filter((text) => text !== undefined)).notes).toEqual([
    "1.txt was named twice and taken once: a copy is no further evidence.",
  ]);
});
