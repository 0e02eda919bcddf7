import { describe, expect, test } from "vitest";
import { createHubTokenizer } from "../../../../src/engine/model/tokenizer/hub-tokenizer";
import { failureOf } from "../../support/errors";

/* What a tokenizer's file makes of a text is bounded, and what took too long is called what it was. */

const vocab = Object.fromEntries([..."abcdefghijklmnopqrstuvwxyz ▁"].map((character, id) => [character, id]));
const text = "the river rose over the bank and took the old bridge along it";

function encode(parts: object, given = text) {
  const json = { model: { type: "BPE", vocab, merges: [], unk_token: "a" }, ...parts };
  return createHubTokenizer("m", json, { config: {}, map: {}, added: {} }, undefined).encode(given, { special: false });
}

const ten = { type: "Replace", pattern: { Regex: "[a-z]" }, content: "aaaaaaaaaa" };
const prepend = (length: number) => ({ type: "Prepend", prepend: "a".repeat(length) });

describe("a tokenizer that makes more of a text than it has", () => {
  test.each<[string, object]>([
    ["at once", { normalizer: prepend(30_000_000) }],
    ["step by step", { normalizer: { type: "Sequence", normalizers: Array.from({ length: 12 }, () => ten) } }],
    ["in a pre-tokenizer", { pre_tokenizer: { type: "Metaspace", replacement: "a".repeat(1_000_000) } }],
    [
      "piece by piece",
      {
        normalizer: prepend(900),
        added_tokens: [{ id: 40, content: "e", special: true, normalized: false }],
      },
    ],
  ])("%s ends with a line that says so, and takes no memory", async (_, parts) => {
    const before = process.memoryUsage();
    expect(await failureOf(() => encode(parts))).toMatch(
      /^The model's tokenizer makes far more of a text of \d+ characters than it has A normalizer or pre-tokenizer in its tokenizer\.json adds without measure: use another model\.$/,
    );
    expect(process.memoryUsage().arrayBuffers - before.arrayBuffers).toBeLessThan(2 ** 26);
  });

  test("may make of it what Unicode's forms do, at any length", () => {
    const forms = (type: string, given: string) => encode({ normalizer: { type } }, given);
    for (const length of [1, 1000, 200_000]) {
      const ligature = "\uFDFA".repeat(Math.min(length, 100_000));
      expect(forms("NFKD", ligature).ids.length).toBe(18 * ligature.length);
      expect(forms("NFD", "한국".repeat(length)).ends.at(-1)).toBe(2 * length);
    }
    expect(encode({ normalizer: prepend(900) }, "b").ids).toHaveLength(901);
  });
});

describe("a tokenizer that takes too long", () => {
  const stuck = `${"a".repeat(60)}!`;
  const split = (Regex: string) => ({ type: "Split", pattern: { Regex }, behavior: "Isolated", invert: false });

  test("is said to have an endless expression where one was searched for all the time", async () => {
    expect(await failureOf(() => encode({ pre_tokenizer: split(String.raw`(\w+\s?)*\d\d\d$`) }, stuck))).toContain(
      "An expression in its tokenizer.json does not come to an end",
    );
  }, 20_000);

  test("is not where it was something else", async () => {
    const steps = Array.from({ length: 1_000_000 }, () => ({ type: "Lowercase" }));
    const line = await failureOf(() =>
      encode({ normalizer: { type: "Sequence", normalizers: steps } }, text.repeat(50)),
    );
    expect(line).toContain("is more work than that of any real one");
    expect(line).not.toContain("expression");
  }, 20_000);

  test("is not where an expression is found again and again", async () => {
    const split = { type: "Split", pattern: { Regex: "a" }, behavior: "Isolated", invert: false };
    const steps = Array.from({ length: 100_000 }, () => split);
    const line = await failureOf(() =>
      encode({ pre_tokenizer: { type: "Sequence", pretokenizers: steps } }, text.repeat(50)),
    );
    expect(line).toContain("is more work than that of any real one");
  }, 20_000);
});
