import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";

import { createHubTokenizer } from "../../../../src/engine/model/tokenizer/hub-tokenizer";
import { RecordedIds } from "../../support/recorded-ids";

/**
 * Every kind of tokenizer.json against Hugging Face's `tokenizers` itself, on 500 texts of 17 languages, code and emoji. Without a
 * Python that has it (PYTHON) a checksum per text, which its ids gave, is compared; `RECORD=1` writes them anew.
 */
type Json = Readonly<Record<string, unknown>>;
const DATA = new URL("../../../data/tokenizers/", import.meta.url);
const readJson = (name: string): unknown => JSON.parse(readFileSync(new URL(name, DATA), "utf8"));

const texts = readJson("texts.json") as string[];
const shared = readJson("shared.json") as { vocab: unknown; merges: unknown };
const kinds = (readJson("hub.json") as { name: string; tokenizer: Json & { model: Json } }[]).map(
  ({ name, tokenizer }) => {
    const { model } = tokenizer;
    const whole = model.vocab === "shared" ? { ...model, vocab: shared.vocab, merges: shared.merges } : model;
    return { name, tokenizer: { ...tokenizer, model: whole } };
  },
);

const byteLevel = { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: false };
/** GPT-2's vocabulary behind other cuts. */
function cutBy(...cuts: readonly Json[]): Json {
  return { ...kinds[0].tokenizer, pre_tokenizer: { type: "Sequence", pretokenizers: [...cuts, byteLevel] } };
}
const splitAt = (Regex: string, behavior: string, invert = false): Json => ({
  type: "Split",
  pattern: { Regex },
  behavior,
  invert,
});
const BEHAVIORS = ["Isolated", "Removed", "MergedWithPrevious", "MergedWithNext", "Contiguous"];
const all: readonly { readonly name: string; readonly tokenizer: Json }[] = [
  ...kinds,
  ...BEHAVIORS.flatMap((behavior) =>
    [false, true].flatMap((invert) => {
      const how = `${behavior}${invert ? ", inverted" : ""}`;
      return [
        { name: `where nothing stands, ${how}`, tokenizer: cutBy(splitAt("(?=(\\d{3})+(?!\\d))", behavior, invert)) },
        {
          name: `at vowels or before capitals, ${how}`,
          tokenizer: cutBy(splitAt("[aeiou]|(?=[A-Z])", behavior, invert)),
        },
        { name: `at spaces, ${how}`, tokenizer: cutBy(splitAt("\\s", behavior, invert)) },
      ];
    }),
  ),
  {
    name: "digits in threes from the right",
    tokenizer: cutBy(splitAt("\\d{1,3}(?=(?:\\d{3})*\\b)", "Isolated"), splitAt("\\p{N}+|\\P{N}+", "Isolated")),
  },
  ...["[aeiou]", "\\s+", "(?<=[.!?])\\s"].map((Regex) => ({
    name: `replaces ${Regex}`,
    tokenizer: { ...kinds[0].tokenizer, normalizer: { type: "Replace", pattern: { Regex }, content: "_" } },
  })),
];

const recorded = new RecordedIds("hub-ids.json");
let known: number[][][] | undefined;
beforeAll(() => {
  try {
    const program = fileURLToPath(new URL("../../../reference/tokenizer_ids.py", import.meta.url));
    const output = execFileSync(process.env.PYTHON ?? "python3", [program], {
      input: JSON.stringify({ tokenizers: all.map(({ tokenizer }) => tokenizer), texts }),
      encoding: "utf8",
      maxBuffer: 2 ** 30,
      stdio: ["pipe", "pipe", "ignore"],
    });
    const { version, ids } = JSON.parse(output) as { version: string; ids: number[][][] };
    known = ids;
    if (process.env.RECORD !== undefined)
      recorded.write(`tokenizers ${version}`, new Map(all.map(({ name }, i) => [name, ids[i]])));
  } catch {
    process.stderr.write(
      "\n*** NO PYTHON WITH TOKENIZERS (name one in PYTHON): IDS ARE HELD AGAINST RECORDED CHECKSUMS. ***\n\n",
    );
  }
}, 120_000);

describe.each(all.map((one, kind) => ({ ...one, kind })))("$name", ({ name, tokenizer, kind }) => {
  test("ids as tokenizers has them", () => {
    const hub = createHubTokenizer(name, tokenizer, { config: {}, map: {}, added: {} }, undefined);
    const own = texts.map((text) => hub.encode(text, { special: true }).ids);
    const differ = texts.flatMap((text, i) =>
      known !== undefined && own[i].join() !== known[kind][i].join()
        ? [{ text, own: own[i], tokenizers: known[kind][i] }]
        : [],
    );
    expect(differ).toEqual([]);
    expect(recorded.differing(name, texts, own)).toEqual([]);
  });
});
