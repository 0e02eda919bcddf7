import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openHubTokenizer } from "../../../../src/engine/model/tokenizer/hub-tokenizer";
import { fixturePath } from "../../support/reference";

type Json = Record<string, unknown>;

interface Case {
  readonly name: string;
  readonly config?: Json;
  readonly map?: Json;
  readonly added?: Json;
  readonly ends?: boolean;
  readonly lowercase?: boolean;
  readonly ids: readonly (readonly number[])[];
}

/** test/reference/make_special_tokens.py: ids by transformers. */
const { texts, cases } = JSON.parse(readFileSync("test/data/tokenizers/special-tokens.json", "utf8")) as {
  readonly texts: readonly string[];
  readonly cases: readonly Case[];
};

const ofFixture = (name: string): Json => JSON.parse(readFileSync(join(fixturePath("llama"), name), "utf8")) as Json;

async function opened<Value>(files: Json, use: (folder: string) => Promise<Value>): Promise<Value> {
  const folder = await mkdtemp(join(tmpdir(), "paramscope-test-"));
  try {
    for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), JSON.stringify(content));
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function filesOf({ config, map, added, ends, lowercase }: Case): Json {
  const tokenizer = ofFixture("tokenizer.json");
  if (lowercase) tokenizer.normalizer = { type: "Lowercase" };
  if (ends)
    tokenizer.post_processor = {
      type: "TemplateProcessing",
      single: [{ SpecialToken: { id: "<s>", type_id: 0 } }, { Sequence: { id: "A", type_id: 0 } }],
      special_tokens: { "<s>": { id: "<s>", ids: [1], tokens: ["<s>"] } },
    };
  return {
    "tokenizer.json": tokenizer,
    "tokenizer_config.json": { ...ofFixture("tokenizer_config.json"), ...config },
    ...(map && { "special_tokens_map.json": map }),
    ...(added && { "added_tokens.json": added }),
  };
}

describe("what the files beside tokenizer.json say of special tokens", () => {
  test.each(cases)("gives the ids of transformers: $name", async (one) => {
    const ids = await opened(filesOf(one), async (folder) => {
      const tokenizer = await openHubTokenizer(folder);
      return texts.map((text) => tokenizer.encode(text, { special: true }).ids);
    });
    expect(ids).toEqual(one.ids);
  });

  test("is not always nothing", () => {
    const plain = JSON.stringify(cases[0]?.ids);
    expect(cases.filter(({ ids }) => JSON.stringify(ids) !== plain).length).toBeGreaterThan(cases.length / 2);
  });
});

describe("an id that is none", () => {
  const none = [null, -5, 5.5, "x", true, [1], 1e12, {}];

  test.each(none)("is refused in the vocabulary: %j", async (id) => {
    const tokenizer = ofFixture("tokenizer.json");
    const model = tokenizer.model as { vocab: Json };
    model.vocab["?"] = id;
    const said = opened({ "tokenizer.json": tokenizer }, openHubTokenizer);
    await expect(said).rejects.toThrow(/The token \? has the id .*, which is none/);
  });

  test.each(none)("is refused of an added token: %j", async (id) => {
    const tokenizer = ofFixture("tokenizer.json");
    (tokenizer.added_tokens as Json[])[1] = { id, content: "<s>", special: true };
    const said = opened({ "tokenizer.json": tokenizer }, openHubTokenizer);
    await expect(said).rejects.toThrow(/The token <s> has the id .*, which is none/);
  });
});
