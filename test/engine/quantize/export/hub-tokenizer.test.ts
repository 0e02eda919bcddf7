import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { openModel, type Model } from "../../../../src/engine/model/model";
import { openHubTokenizer } from "../../../../src/engine/model/tokenizer/hub-tokenizer";
import { tokenizerEntries } from "../../../../src/engine/quantize/export/hub-tokenizer";
import { fixturePath } from "../../support/reference";

const DATA = new URL("../../../data/tokenizers/", import.meta.url);
const readJson = (name: string): unknown => JSON.parse(readFileSync(new URL(name, DATA), "utf8"));
type Json = Readonly<Record<string, unknown>>;
const shared = readJson("shared.json") as { vocab: Json; merges: unknown };
const kinds = readJson("hub.json") as { name: string; tokenizer: Json & { model: Json } }[];
const folder = mkdtempSync(join(tmpdir(), "paramscope-tokenizer-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** A model with a tokenizer of that kind, as far as the tokenizer is asked about it. */
async function modelWith(kind: string, files: Readonly<Record<string, Json>> = {}): Promise<Model> {
  const { tokenizer } = kinds.find(({ name }) => name === kind)!;
  const { model } = tokenizer;
  const whole = model.vocab === "shared" ? { ...model, vocab: shared.vocab, merges: shared.merges } : model;
  writeFileSync(join(folder, "tokenizer.json"), JSON.stringify({ ...tokenizer, model: whole }));
  writeFileSync(join(folder, "tokenizer_config.json"), JSON.stringify(files["tokenizer_config.json"] ?? {}));
  const opened = await openHubTokenizer(folder);
  const definition = { vocabularySize: opened.vocabularySize + 2, modelType: "llama" };
  return { name: "model", tokenizer: opened, definition, checkpoint: { path: folder, config: {} } } as unknown as Model;
}

// what llama.cpp's own converter calls the first of the names that stand for one expression
test.each([
  ["gpt2", "gpt-2"],
  ["smollm", "smollm"],
  ["llama3", "llama3"],
  ["qwen2", "qwen2"],
  ["tekken", "tekken"],
  ["gpt-4o", "gpt-4o"],
  ["deepseek-v3", "deepseek-v3"],
])("%s is cut as by %s", async (kind, pre) => {
  const entries = await tokenizerEntries(await modelWith(kind));
  expect(entries.get("tokenizer.ggml.model")?.value).toBe("gpt2");
  expect(entries.get("tokenizer.ggml.pre")?.value).toBe(pre);
  expect(entries.get("tokenizer.ggml.merges")?.value).toHaveLength((shared.merges as unknown[]).length);
});

test("SentencePiece's merges are scores", async () => {
  const entries = await tokenizerEntries(await modelWith("llama2"));
  const value = (key: string): unknown => entries.get(`tokenizer.ggml.${key}`)?.value;
  expect([value("model"), value("pre"), value("add_space_prefix")]).toEqual(["llama", "default", true]);
  const tokens = value("tokens") as string[];
  const types = value("token_type") as Int32Array;
  expect(types[tokens.indexOf("<unk>")]).toBe(2);
  expect(types[tokens.indexOf("<0x0A>")]).toBe(6);
  // rows of the embedding that no token has
  expect(tokens.slice(-2)).toEqual([`[PAD${tokens.length - 2}]`, `[PAD${tokens.length - 1}]`]);
  expect([...types.slice(-2)]).toEqual([5, 5]);
});

test("special tokens have their names and kinds, and a chat template comes along", async () => {
  const template = "{% for message in messages %}{{ message.content }}{% endfor %}";
  const config = {
    eos_token: "<|endoftext|>",
    pad_token: "<|pad|>",
    chat_template: template,
    added_tokens_decoder: {
      "0": { content: "<|endoftext|>", special: true },
      "9000": { content: "<tool>", special: false, normalized: false },
    },
  };
  const model = await modelWith("gpt2", { "tokenizer_config.json": config });
  const entries = await tokenizerEntries(model);
  const value = (key: string): unknown => entries.get(`tokenizer.${key}`)?.value;
  const tokens = value("ggml.tokens") as string[];
  const types = value("ggml.token_type") as Int32Array;
  expect(value("chat_template")).toBe(template);
  expect(tokens[value("ggml.eos_token_id") as number]).toBe("<|endoftext|>");
  expect(tokens[value("ggml.padding_token_id") as number]).toBe("<|pad|>");
  expect(types[tokens.indexOf("<|pad|>")]).toBe(3);
  expect(types[tokens.indexOf("<tool>")]).toBe(4);
  expect(value("ggml.add_bos_token")).toBe(false);
});

test("a name says what llama.cpp reads in it: Phi-3's tokens take the white space after them", async () => {
  const nameOf = async (name: string, tokens: readonly string[], rstrip: boolean): Promise<unknown> => {
    const decoder = tokens.map(
      (content, i) => [9000 + i, { content, special: true, rstrip: rstrip && i > 2 }] as const,
    );
    const config = { added_tokens_decoder: Object.fromEntries(decoder) };
    const model = { ...(await modelWith("gpt2", { "tokenizer_config.json": config })), name };
    return (await tokenizerEntries(model)).get("general.name")?.value;
  };
  const tokens = ["<unk>", "<s>", "<|endoftext|>", "<|user|>"];
  expect(await nameOf("tuned", tokens, true)).toBe("Phi-3 tuned");
  expect(await nameOf("my-phi3", tokens, true)).toBe("my-phi3");
  expect(await nameOf("tuned", tokens, false)).toBe("tuned");
  // of that name without those tokens llama.cpp would not open it
  const fixture = await openModel(fixturePath("phi3"));
  expect((await tokenizerEntries(fixture)).get("general.name")?.value).toBe("phi");
  await fixture.close();
});

test.each(["gpt2-prefix-space", "added", "merged", "whitespace", "unigram"])(
  "%s is none of llama.cpp's: refused, with what can be done",
  async (kind) => {
    await expect(tokenizerEntries(await modelWith(kind))).rejects.toMatchObject({
      message: `llama.cpp has no tokenizer that gives the ids which that of ${folder} gives.`,
      remedy: "Convert it with llama.cpp's convert_hf_to_gguf.py, and give the file that it writes.",
    });
  },
);

test("more tokens than the model has rows are refused", async () => {
  const model = await openModel(fixturePath("llama"));
  const few = { ...model, definition: { ...model.definition, vocabularySize: 500 } };
  await expect(tokenizerEntries(few)).rejects.toThrow(/has 512 tokens, and its model 500/);
  await model.close();
});
