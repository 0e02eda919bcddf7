import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { GgufValue } from "../../../../src/engine/model/formats/gguf-header";
import { GgufMetadata } from "../../../../src/engine/model/formats/gguf-metadata";
import { createGgufTokenizer } from "../../../../src/engine/model/tokenizer/gguf-tokenizer";
import { hubFilesOfGguf } from "../../../../src/engine/model/tokenizer/gguf-tokenizer-json";
import { createHubTokenizer } from "../../../../src/engine/model/tokenizer/hub-tokenizer";
import type { Tokenizer } from "../../../../src/engine/model/tokenizer/tokenizer";

const DATA = new URL("../../../data/tokenizers/", import.meta.url);

interface GgufCase {
  name: string;
  metadata: Record<string, string | number | boolean | string[] | number[]>;
  texts: string[] | "shared";
  ids: number[][];
}

function readJson(name: string): unknown {
  return JSON.parse(readFileSync(new URL(name, DATA), "utf8"));
}

const shared = readJson("shared.json") as { texts: string[] };
const cases = readJson("gguf.json") as GgufCase[];

function entries(metadata: GgufCase["metadata"]): Map<string, GgufValue> {
  const all = new Map<string, GgufValue>([["general.architecture", "llama"]]);
  for (const [key, value] of Object.entries({ ...metadata })) {
    const whole = value === "shared" ? cases[0].metadata[key] : value;
    if (!Array.isArray(whole)) all.set(key, whole);
    else all.set(key, typeof whole[0] === "number" ? Float32Array.from(whole as number[]) : (whole as string[]));
  }
  return all;
}

const metadataOf = (metadata: GgufCase["metadata"]): GgufMetadata => new GgufMetadata("model.gguf", entries(metadata));

function open(metadata: GgufCase["metadata"]): Tokenizer {
  return createGgufTokenizer(metadataOf(metadata));
}

describe.each(cases)("$name", ({ metadata, texts, ids }) => {
  test("gives the ids of the tokenizer that was converted", () => {
    const tokenizer = open(metadata);
    for (const [i, text] of (texts === "shared" ? shared.texts : texts).entries()) {
      const encoding = tokenizer.encode(text, { special: false });
      expect({ text, ids: encoding.ids }).toEqual({ text, ids: ids[i] });
    }
  });

  test("written as tokenizer.json is the same tokenizer", () => {
    const tokenizer = open(metadata);
    const files = JSON.parse(JSON.stringify(hubFilesOfGguf(metadataOf(metadata), tokenizer))) as Record<
      string,
      Record<string, unknown>
    >;
    const written = createHubTokenizer(
      "model",
      files["tokenizer.json"],
      { config: files["tokenizer_config.json"], map: {}, added: {} },
      undefined,
    );
    expect([written.prefix, written.suffix]).toEqual([tokenizer.prefix, tokenizer.suffix]);
    for (const text of texts === "shared" ? shared.texts : texts)
      expect({ text, ids: written.encode(text, { special: true }).ids }).toEqual({
        text,
        ids: tokenizer.encode(text, { special: true }).ids,
      });
  });
});

const SENTENCEPIECE = cases.find(({ name }) => name === "sentencepiece, prefix True")?.metadata ?? {};

test("SentencePiece: offsets, a space before the text and after special tokens, BOS by default", () => {
  const tokenizer = open(SENTENCEPIECE);
  expect(tokenizer.prefix).toEqual([1]);
  expect(tokenizer.suffix).toEqual([]);
  const text = "the river<s>the 🙂\n";
  const { ids, starts, ends } = tokenizer.encode(text, { special: true });
  expect(ids.map((id) => tokenizer.tokenText(id)).join("|")).toMatchInlineSnapshot(
    `"<s>| the| r|iver|<s>| the| |<0xF0>|<0x9F>|<0x99>|<0x82>|\n"`,
  );
  expect(starts.map((start, i) => (start < 0 ? "" : text.slice(start, ends[i])))).toEqual([
    "",
    "the",
    " r",
    "iver",
    "<s>",
    "the",
    " ",
    "🙂",
    "🙂",
    "🙂",
    "🙂",
    "\n",
  ]);
});

test("loads 262,144 tokens, and reads a long text, in seconds", () => {
  const words = Array.from({ length: 262_144 - 259 }, (_, i) => `▁${i.toString(36)}`);
  const letters = [..."▁abcdefghijklmnopqrstuvwxyz0123456789"];
  const tokens = [...(SENTENCEPIECE["tokenizer.ggml.tokens"] as string[]).slice(0, 259), ...letters, ...words];
  const start = performance.now();
  const tokenizer = open({
    ...SENTENCEPIECE,
    "tokenizer.ggml.tokens": tokens,
    "tokenizer.ggml.scores": tokens.map((_, i) => -i),
    "tokenizer.ggml.token_type": tokens.map((_, i) => (i < 3 ? 3 : 1)),
  });
  expect(performance.now() - start).toBeLessThan(10_000);
  expect(tokenizer.encode("abc zz ".repeat(50_000), { special: false }).ends.at(-1)).toBe(350_000);
});

test("reads a long text of nothing but line ends, of which a vocabulary has runs, in seconds", () => {
  const runs = Array.from({ length: 31 }, (_, i) => "\n".repeat(i + 1));
  const tokens = [...(SENTENCEPIECE["tokenizer.ggml.tokens"] as string[]).filter((token) => token !== "\n"), ...runs];
  const tokenizer = open({
    ...SENTENCEPIECE,
    "tokenizer.ggml.tokens": tokens,
    "tokenizer.ggml.scores": tokens.map((_, i) => -i),
    "tokenizer.ggml.token_type": tokens.map((token, i) => (runs.includes(token) ? 4 : i < 3 ? 3 : 1)),
  });
  const { ids } = tokenizer.encode("\n".repeat(1_000_000), { special: false });
  // The longest runs from the left, and one of what is left.
  expect(ids.length).toBe(Math.floor(1_000_000 / 31) + 1);
  expect(tokenizer.tokenText(ids[0])).toBe("\n".repeat(31));
  expect(tokenizer.tokenText(ids[ids.length - 1])).toBe("\n".repeat(1_000_000 % 31));
});

describe("refuses, in one line", () => {
  const without = (key: string): GgufCase["metadata"] =>
    Object.fromEntries(Object.entries(SENTENCEPIECE).filter(([one]) => one !== key));

  test.each([
    ["no tokenizer", without("tokenizer.ggml.tokens")],
    ["no model", without("tokenizer.ggml.model")],
    ["no scores", without("tokenizer.ggml.scores")],
    ["unigram", { ...SENTENCEPIECE, "tokenizer.ggml.model": "t5" }],
    ["wordpiece", { ...SENTENCEPIECE, "tokenizer.ggml.model": "bert" }],
    ["unknown pre", { ...cases[0].metadata, "tokenizer.ggml.pre": "klingon" }],
    ["too few types", { ...SENTENCEPIECE, "tokenizer.ggml.token_type": [1, 2] }],
  ])("%s", (_, metadata) => {
    expect(() => open(metadata)).toThrowErrorMatchingSnapshot();
  });
});
