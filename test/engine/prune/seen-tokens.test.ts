import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seenShare } from "../../../src/engine/prune/seen-tokens";

const RUN = 16;
const ids = (length: number, from = 0): Int32Array => Int32Array.from({ length }, (_, i) => from + i);

/** Every run against every other, number by number. */
function slowly(texts: readonly Int32Array[], others: readonly Int32Array[]): number {
  const length = Math.min(RUN, ...texts.map((text) => text.length));
  const runs = (text: Int32Array): string[] =>
    Array.from({ length: Math.max(0, text.length - length + 1) }, (_, i) => text.subarray(i, i + length).join(" "));
  const known = new Set(others.flatMap(runs));
  const seen = texts.flatMap((text) => {
    const marks = new Uint8Array(text.length);
    runs(text).forEach((run, i) => known.has(run) && marks.fill(1, i, i + length));
    return [...marks];
  });
  return seen.reduce((sum, mark) => sum + mark, 0) / seen.length;
}

describe("the share of tokens that stand in other texts", () => {
  test("is all of a text that is in one of them, none of one that shares a few words", () => {
    expect(seenShare([ids(100)], [ids(500)])).toBe(1);
    expect(seenShare([ids(100)], [ids(15), ids(40, 200)])).toBe(0);
    expect(seenShare([ids(100)], [ids(50, 75)])).toBe(0.25);
    expect(seenShare([ids(5)], [ids(40)])).toBe(1);
    expect(seenShare([ids(100)], [])).toBe(0);
  });

  test("is what every run compared with every other says", () => {
    const text = fc
      .array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 60 })
      .map((all) => Int32Array.from(all));
    const some = fc.array(text, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(some, some, fc.boolean(), (texts, others, isCopied) => {
        const all = isCopied ? [...others, ...texts.slice(0, 1)] : others;
        expect(seenShare(texts, all)).toBeCloseTo(slowly(texts, all), 12);
      }),
      { numRuns: 500 },
    );
  });
});
