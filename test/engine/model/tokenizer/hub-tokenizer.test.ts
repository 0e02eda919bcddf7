import { readFileSync, readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createHubTokenizer, openHubTokenizer } from "../../../../src/engine/model/tokenizer/hub-tokenizer";
import type { Tokenizer } from "../../../../src/engine/model/tokenizer/tokenizer";

const DATA = new URL("../../../data/tokenizers/", import.meta.url);
const FIXTURES = new URL("../../../fixtures/", import.meta.url);

interface HubCase {
  name: string;
  tokenizer: { model: Record<string, unknown> };
  ids: number[][];
}

function readJson(url: URL): unknown {
  return JSON.parse(readFileSync(url, "utf8"));
}

const shared = readJson(new URL("shared.json", DATA)) as { texts: string[]; vocab: unknown; merges: unknown };
const cases = readJson(new URL("hub.json", DATA)) as HubCase[];

function open({ name, tokenizer }: HubCase): Tokenizer {
  const { model } = tokenizer;
  const whole = model.vocab === "shared" ? { ...model, vocab: shared.vocab, merges: shared.merges } : model;
  return createHubTokenizer(name, { ...tokenizer, model: whole }, { config: {}, map: {}, added: {} }, undefined);
}

describe.each(cases)("$name", (one) => {
  const tokenizer = open(one);

  test("gives the ids of Hugging Face tokenizers", () => {
    for (const [i, text] of shared.texts.entries()) {
      expect({ text, ids: tokenizer.encode(text, { special: true }).ids }).toEqual({ text, ids: one.ids[i] });
    }
  });

  test("gives offsets in order, and beside the special tokens no others than the text has", () => {
    for (const text of shared.texts) {
      const { ids, starts, ends } = tokenizer.encode(text, { special: false });
      expect(starts.length).toBe(ids.length);
      const isInOrder = (i: number) =>
        (starts[i - 1] ?? 0) <= starts[i] && starts[i] <= ends[i] && ends[i] <= text.length;
      // no token begins or ends inside a character
      const isInside = (at: number) => /^[\uDC00-\uDFFF]/.test(text.charAt(at));
      const wrong = ids.findIndex((_, i) => !isInOrder(i) || isInside(starts[i]) || isInside(ends[i]));
      expect({ text, wrong }).toEqual({ text, wrong: -1 });
    }
  });

  test("puts the prefix and suffix around", () => {
    const plain = tokenizer.encode("a b", { special: false });
    const special = tokenizer.encode("a b", { special: true });
    expect(special.ids).toEqual([...tokenizer.prefix, ...plain.ids, ...tokenizer.suffix]);
    expect(special.starts.slice(0, tokenizer.prefix.length)).toEqual(tokenizer.prefix.map(() => -1));
  });
});

describe.each(["gpt2", "smollm", "llama3", "gpt-4o"])("%s", (name) => {
  test("names with each token the slice that it is", () => {
    const tokenizer = open(cases.find((one) => one.name === name) ?? cases[0]);
    for (const text of shared.texts) {
      const { ids, starts, ends } = tokenizer.encode(text, { special: false });
      let end = 0;
      ids.forEach((id, i) => {
        const slice = text.slice(starts[i], ends[i]);
        const shown = tokenizer.tokenText(id);
        if (!shown.includes("<0x")) expect(shown).toBe(slice);
        expect(starts[i]).toBeLessThanOrEqual(end);
        end = ends[i];
      });
      expect(end).toBe(text.length);
    }
  });
});

test("shows lone bytes, spaces and special tokens", () => {
  const gpt2 = open(cases[0]);
  const { ids, starts, ends } = gpt2.encode("🙂", { special: false });
  expect(ids.map((id) => gpt2.tokenText(id)).join("")).toBe("<0xF0><0x9F><0x99><0x82>");
  expect(starts.every((start) => start === 0) && ends.every((end) => end === 2)).toBe(true);
  expect(gpt2.tokenText(1)).toBe("<s>");
  expect(gpt2.tokenText(1_000_000)).toBe("<1000000>");
});

test("takes a lone surrogate for U+FFFD", () => {
  const gpt2 = open(cases[0]);
  expect(gpt2.encode("a\uD800b", { special: false })).toEqual(gpt2.encode("a\uFFFDb", { special: false }));
  expect(gpt2.encode("\uDC00\uD800", { special: false })).toEqual(gpt2.encode("\uFFFD\uFFFD", { special: false }));
});

test.each(["gpt2", "llama2", "metaspace-first"])("%s takes time in proportion to the text", (name) => {
  const tokenizer = open(cases.find((one) => one.name === name) ?? cases[0]);
  const text = "The river rose; 12 apples, été 🙂 ".repeat(30_000);
  const start = performance.now();
  const { ends } = tokenizer.encode(text, { special: false });
  expect(ends.at(-1)).toBe(text.length);
  expect(tokenizer.encode("a".repeat(300_000), { special: false }).ids.length).toBeGreaterThan(0);
  // Quadratic time would be hours.
  expect(performance.now() - start).toBeLessThan(60_000);
});

test.each(readdirSync(FIXTURES))("fixture %s: ids as in its reference", async (name) => {
  const folder = new URL(`${name}/`, FIXTURES);
  const { texts, tokens } = readJson(new URL("reference.json", folder)) as { texts: string[]; tokens: number[][] };
  const tokenizer = await openHubTokenizer(folder.pathname);
  expect(texts.map((text) => tokenizer.encode(text, { special: true }).ids)).toEqual(tokens);
});
