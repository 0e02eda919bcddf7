import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formSamples } from "../../../src/engine/text/form-samples";
import type { Tokenizer } from "../../../src/engine/model/tokenizer/tokenizer";
import { wordTokenizer } from "./word-tokenizer";

const words = (count: number) => Array.from({ length: count }, (_, i) => `w${"abcdefghij"[i % 10]}`).join(" ");
const text = (source: string, content: string) => ({ source, text: content });
const defaults = { window: 16, maxSamples: 64, context: 1024 };

describe("samples of texts", () => {
  test("a text that fits the window with its special tokens is one sample, exactly as it is", () => {
    const set = formSamples([text("a.txt", " one\r\n two ")], wordTokenizer(), { ...defaults, window: 6 });
    expect(set.samples).toHaveLength(1);
    expect(set.samples[0]).toMatchObject({ source: "a.txt", text: " one\r\n two ", offset: 0 });
    expect([...set.samples[0].ids]).toEqual([1, 3, 4, 5, 6, 7]);
    expect([...set.samples[0].starts]).toEqual([-1, 0, 4, 5, 6, 10]);
    expect(set).toMatchObject({ windowsSkipped: 0, notes: [] });
  });

  test("a longer text is cut into pieces of window − specials, each with the special tokens around it", () => {
    const set = formSamples([text("a.txt", words(26))], wordTokenizer([1], [2]), { ...defaults, window: 10 });
    expect(set.samples.map(({ ids }) => ids.length)).toEqual([10, 10, 10]);
    expect(set.samples.every(({ ids }) => ids[0] === 1 && ids[ids.length - 1] === 2)).toBe(true);
    expect(set.windowsSkipped).toBe(1);
    expect(set.notes).toEqual(["The last 2 tokens of a.txt were left out: less than a quarter window."]);
  });

  test("a last piece of a quarter window stays", () => {
    const set = formSamples([text("a.txt", words(20))], wordTokenizer([], []), { ...defaults, window: 16 });
    expect(set.samples.map(({ ids }) => ids.length)).toEqual([16, 4]);
    expect(set.notes).toEqual([]);
  });

  test("the window is never more than the model's context", () => {
    const set = formSamples([text("a.txt", words(32))], wordTokenizer(), { ...defaults, window: 512, context: 17 });
    expect(set.samples.map(({ ids }) => ids.length)).toEqual([17, 17]);
  });

  test("many texts are one sample each, more than max-samples, and that is said", () => {
    const texts = Array.from({ length: 20_000 }, (_, i) => text(`${i}.txt`, `one two ${i}`));
    const { samples, notes } = formSamples(texts, wordTokenizer(), defaults);
    expect(samples).toHaveLength(20_000);
    expect(notes).toEqual(["All 20000 texts were taken, more than 64: a run takes one sample of each text."]);
    expect(formSamples(texts.slice(0, 64), wordTokenizer(), defaults).notes).toEqual([]);
  });

  test("each text is tokenized once, whether it fits the window or not", () => {
    const texts = [text("short.txt", "one two"), text("long.txt", words(40))];
    const tokenizer = wordTokenizer();
    const encoded: string[] = [];
    const watched: Tokenizer = {
      ...tokenizer,
      encode: (text, options) => {
        encoded.push(text);
        return tokenizer.encode(text, options);
      },
    };
    formSamples(texts, watched, defaults);
    expect(encoded).toEqual(texts.map(({ text }) => text));
  });

  test("a text of more characters than a run takes is refused, and so are texts that have more together", () => {
    const long = text("long.txt", "a".repeat(20_000_001));
    expect(() => formSamples([long], wordTokenizer(), defaults)).toThrow(
      "long.txt has 20000001 characters, and a text may have 20000000",
    );
    const many = Array.from({ length: 6 }, (_, i) => text(`${i}.txt`, `${i}${"a".repeat(16_999_999)}`));
    expect(() => formSamples(many, wordTokenizer(), defaults)).toThrow(
      "The texts have 102000000 characters, and those of a run may have 100000000",
    );
  });

  test("above max-samples an evenly spaced choice is taken, and said", () => {
    const set = formSamples([text("a.txt", words(40))], wordTokenizer([], []), {
      window: 4,
      maxSamples: 4,
      context: 99,
    });
    expect(set.samples.map(({ text: piece }) => piece.trim().slice(0, 2))).toEqual(["wa", "wi", "wa", "wi"]);
    expect(set.samples.map(({ offset }) => offset > 0)).toEqual([false, true, true, true]);
    expect(set.windowsSkipped).toBe(6);
    expect(set.notes).toEqual(["4 of 10 windows of a.txt were taken: a run takes at most 4."]);
  });

  test("what is left out of several texts is one note", () => {
    const texts = ["a.txt", "b.txt", "c.txt"].map((source, i) => text(source, words(9 + i)));
    const set = formSamples(texts, wordTokenizer([], []), { window: 8, maxSamples: 3, context: 99 });
    expect(set.samples.map(({ source }) => source)).toEqual(["a.txt", "b.txt", "c.txt"]);
    expect(set.notes).toEqual([
      "2 of 4 windows of 2 long texts were taken: a run takes at most 3.",
      "The last 1 token of a.txt was left out: less than a quarter window.",
    ]);
  });

  test("a run that takes more than it otherwise would, one of each text, does not say that it takes less", () => {
    const texts = ["a.txt", "b.txt", "c.txt"].map((source, i) =>
      text(source, `v${words(16).slice(1)}${"x".repeat(i)}`),
    );
    const { notes } = formSamples(texts, wordTokenizer([], []), { window: 8, maxSamples: 2, context: 99 });
    expect(notes).toEqual(["3 of 6 windows of 3 long texts were taken: a run takes one of each of so many texts."]);
  });

  test("a chat template stands around every piece, and no piece is longer than the window", () => {
    const set = formSamples([text("a.txt", words(40))], wordTokenizer(), { ...defaults, window: 20, chat: true });
    expect(set.samples.length).toBe(3);
    for (const sample of set.samples) {
      expect(sample.text).toMatch(/^<user>w[^]*<\/user>$/);
      expect(sample.ids.length).toBeLessThanOrEqual(20);
      // offset + start is the place in the source.
      expect(words(40).slice(sample.offset + 6, sample.offset + 8)).toBe(sample.text.slice(6, 8));
    }
  });

  test("a window without room for text is refused with the figure that would do", () => {
    const call = () => formSamples([text("a.txt", words(9))], wordTokenizer([1], [2]), { ...defaults, window: 2 });
    expect(call).toThrow("A window of 2 tokens has no room for text beside 2 special tokens");
  });

  test("a text without tokens is refused", () => {
    expect(() => formSamples([text("a.txt", "")], wordTokenizer(), defaults)).toThrow("a.txt has no tokens");
  });

  test("whatever the texts: pieces cover the text in order, offsets name slices, nothing is cut silently", () => {
    const anyText = fc.string({ unit: "grapheme", minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(
        fc.array(anyText, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 4, max: 40 }),
        fc.integer({ min: 1, max: 12 }),
        (contents, window, maxSamples) => {
          const texts = contents.map((content, index) => text(`${index}`, content));
          const tokenizer = wordTokenizer([1], [2]);
          const set = formSamples(texts, tokenizer, { window, maxSamples, context: 1024 });
          const all = formSamples(texts, tokenizer, { window, maxSamples: Infinity, context: 1024 });

          expect(set.samples.length).toBe(Math.min(all.samples.length, Math.max(maxSamples, contents.length)));
          expect(new Set(set.samples.map(({ source }) => source)).size).toBe(contents.length);
          expect(set.windowsSkipped - all.windowsSkipped).toBe(all.samples.length - set.samples.length);
          const isSaid = set.windowsSkipped > 0 || contents.length > maxSamples;
          expect(set.notes.length > 0).toBe(isSaid);
          for (const { source, text: piece, offset, ids, starts, ends } of set.samples) {
            expect(ids.length).toBeLessThanOrEqual(window);
            expect([starts.length, ends.length]).toEqual([ids.length, ids.length]);
            expect(contents[Number(source)].slice(offset, offset + piece.length)).toBe(piece);
            expect([ids[0], starts[0], ids.at(-1), ends.at(-1)]).toEqual([1, -1, 2, -1]);
            for (let i = 1; i < ids.length - 1; i++) {
              expect(tokenizer.tokenText(ids[i])).toBe(piece.slice(starts[i], ends[i]));
            }
          }
          // Pieces of one text follow each other without a gap.
          for (const [index, { source, offset, text: piece }] of all.samples.entries()) {
            const next = all.samples.at(index + 1);
            if (next?.source === source) expect(next.offset).toBe(offset + piece.length);
          }
        },
      ),
      { seed: 3, numRuns: 300 },
    );
  });
});

test("a chat template that makes nothing of a text is said to, whatever the text", () => {
  const tokenizer = { ...wordTokenizer(), applyChatTemplate: () => "" };
  expect(() => formSamples([text("a.txt", "one two")], tokenizer, { ...defaults, chat: true })).toThrow(
    "The model's chat template makes nothing of a.txt.",
  );
});
