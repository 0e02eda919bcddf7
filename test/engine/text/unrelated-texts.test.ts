import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const repository = fileURLToPath(new URL("../../..", import.meta.url));
const shipped = "samples/unrelated";
const heldOut = "test/data/unrelated";

const content = (...path: string[]) => readFileSync(join(repository, ...path), "utf8");
const linesOf = (file: string) => (folder: string) => content(folder, file).slice(0, -1).split("\n");
const [briefTexts, shortTexts, requests] = ["brief.txt", "short.txt", "requests.txt"].map(linesOf);
const longTexts = (folder: string) => content(folder, "long.txt").slice(0, -1).split("\n%%\n");
const paraphrases = () =>
  content(heldOut, "paraphrases.tsv")
    .slice(0, -1)
    .split("\n")
    .map((line) => line.split("\t"));

const segmenter = new Intl.Segmenter("und", { granularity: "word" });
const words = (text: string) => [...segmenter.segment(text)].filter(({ isWordLike }) => isWordLike).length;
const endsWithMark = (text: string) => /[.?!。？！।؟]"?$/u.test(text);
const looksLikeCode = (text: string) => /[={}<>|~]/.test(text);

interface Kind {
  readonly folder: string;
  readonly texts: (folder: string) => string[];
  readonly file: string;
  readonly fewest: number;
  /** Words of a text, the fewest and the most. */
  readonly words: readonly [number, number];
  readonly code: number;
  /** The share of texts that may begin with the same word. */
  readonly sameFirst: number;
}

describe.each<Kind>([
  { folder: shipped, texts: briefTexts, file: "brief.txt", fewest: 128, words: [1, 6], code: 0, sameFirst: 0.08 },
  { folder: heldOut, texts: briefTexts, file: "brief.txt", fewest: 64, words: [1, 6], code: 0, sameFirst: 0.08 },
  { folder: shipped, texts: shortTexts, file: "short.txt", fewest: 208, words: [5, 40], code: 10, sameFirst: 0.08 },
  { folder: heldOut, texts: shortTexts, file: "short.txt", fewest: 72, words: [5, 40], code: 4, sameFirst: 0.08 },
  // questions begin with few words
  { folder: shipped, texts: requests, file: "requests.txt", fewest: 64, words: [5, 25], code: 0, sameFirst: 0.25 },
  { folder: heldOut, texts: requests, file: "requests.txt", fewest: 48, words: [5, 25], code: 0, sameFirst: 0.25 },
  { folder: shipped, texts: longTexts, file: "long.txt", fewest: 64, words: [90, 170], code: 8, sameFirst: 0.08 },
  { folder: heldOut, texts: longTexts, file: "long.txt", fewest: 24, words: [90, 170], code: 3, sameFirst: 0.08 },
])("$folder/$file", ({ folder, file, fewest, words: [least, most], code, sameFirst, texts }) => {
  const all = texts(folder);

  test("holds texts enough, all different", () => {
    expect(all.length).toBeGreaterThanOrEqual(fewest);
    expect(new Set(all.map((text) => text.toLowerCase())).size).toBe(all.length);
  });

  test("ends with a line end, and has no other around a text", () => {
    expect(content(folder, file)).toMatch(/\S\n$/);
    expect(content(folder, file)).not.toMatch(/[\r\uFEFF\uFFFD]/);
    for (const text of all) expect(text).toBe(text.trim());
    expect(all.filter((text) => text === "" || text.includes("%%"))).toEqual([]);
  });

  test("has texts of a few words', a sentence's or a page's length", () => {
    expect(all.filter((text) => words(text) < least || words(text) > most)).toEqual([]);
  });

  test("ends what is no code with an end mark", () => {
    const without = all.filter((text) => !endsWithMark(text));
    expect(without.filter((text) => !looksLikeCode(text))).toEqual([]);
    expect(without).toHaveLength(code);
  });

  test("is shuffled: code, a tenth of it at most, is everywhere", () => {
    const places = all.flatMap((text, place) => (endsWithMark(text) ? [] : [place / all.length]));
    const gaps = [...places, 1].map((place, index) => place - (places[index - 1] ?? 0));
    expect(code / all.length).toBeLessThan(0.13);
    expect(Math.max(...gaps)).toBeLessThan(1.6 / code);
  });

  test("does not begin again and again with one word", () => {
    const counts = new Map<string, number>();
    for (const text of all) {
      const [first = ""] = text.toLowerCase().split(/\s/);
      counts.set(first, (counts.get(first) ?? 0) + 1);
    }
    expect(Math.max(...counts.values())).toBeLessThanOrEqual(sameFirst * all.length);
  });
});

describe("the unrelated texts", () => {
  test("ship in less than 200 KB", () => {
    const bytes = ["brief.txt", "short.txt", "requests.txt", "long.txt"].map(
      (name) => statSync(join(repository, shipped, name)).size,
    );
    expect(bytes.reduce((sum, size) => sum + size)).toBeLessThan(200_000);
  });

  test("that are held out, and the paraphrases, are none of those that ship", () => {
    const all = (folder: string) => [briefTexts, shortTexts, requests, longTexts].flatMap((of) => of(folder));
    const known = new Set(all(shipped));
    expect(known.size).toBe(all(shipped).length);
    const held = [...all(heldOut), ...paraphrases().flat()];
    expect(held.filter((text) => known.has(text))).toEqual([]);
    expect(new Set(held).size).toBe(held.length);
  });

  test("come with pairs of a text and its paraphrase", () => {
    const pairs = paraphrases();
    expect(pairs).toHaveLength(24);
    for (const pair of pairs) {
      expect(pair).toHaveLength(2);
      for (const text of pair) {
        expect(words(text)).toBeGreaterThanOrEqual(6);
        expect(words(text)).toBeLessThanOrEqual(25);
        expect(endsWithMark(text)).toBe(true);
      }
    }
  });
});
