import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ParamscopeError } from "../../../../src/engine/errors";
import { openHubTokenizer } from "../../../../src/engine/model/tokenizer/hub-tokenizer";

const FIXTURE = new URL("../../../fixtures/llama/", import.meta.url).pathname;
const TEMPLATE =
  "{{ bos_token }}{% for message in messages %}\n  {% if message.role == 'user' %}\n<|{{ message.role }}|>{{ message.content | trim }}{{ eos_token }}\n{% endif %}{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}";
const MESSAGES = [{ role: "user", content: " How deep is the river? " }];
const RENDERED = "<s><|user|>How deep is the river?</s>\n<|assistant|>";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "paramscope-"));
  cpSync(FIXTURE, folder, { recursive: true });
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function write(file: string, value: unknown): void {
  writeFileSync(join(folder, file), typeof value === "string" ? value : JSON.stringify(value));
}

test("from tokenizer_config.json, with its special tokens", async () => {
  write("tokenizer_config.json", { chat_template: TEMPLATE, bos_token: "<s>", eos_token: { content: "</s>" } });
  expect((await openHubTokenizer(folder)).applyChatTemplate(MESSAGES)).toBe(RENDERED);
});

test("from a list of named templates: the default one", async () => {
  const named = [
    { name: "tools", template: "no" },
    { name: "default", template: TEMPLATE },
  ];
  write("tokenizer_config.json", { chat_template: named, bos_token: "<s>", eos_token: "</s>" });
  expect((await openHubTokenizer(folder)).applyChatTemplate(MESSAGES)).toBe(RENDERED);
});

test("from chat_template.jinja before all", async () => {
  write("tokenizer_config.json", { chat_template: "no", bos_token: "<s>", eos_token: "</s>" });
  write("chat_template.jinja", TEMPLATE);
  expect((await openHubTokenizer(folder)).applyChatTemplate(MESSAGES)).toBe(RENDERED);
});

test("of a list of templates none counts but the default one, and of two the last", async () => {
  write("tokenizer_config.json", { chat_template: [{ name: "tool_use", template: "no" }] });
  expect((await openHubTokenizer(folder)).chatTemplate).toBeUndefined();
  const twice = ["no", TEMPLATE].map((template) => ({ name: "default", template }));
  write("tokenizer_config.json", { chat_template: twice });
  expect((await openHubTokenizer(folder)).chatTemplate).toBe(TEMPLATE);
});

test("from additional_chat_templates, which take the place of those in tokenizer_config.json", async () => {
  write("tokenizer_config.json", { chat_template: "no" });
  mkdirSync(join(folder, "additional_chat_templates"));
  write("additional_chat_templates/tool_use.jinja", "no");
  expect((await openHubTokenizer(folder)).chatTemplate).toBeUndefined();
  write("chat_template.jinja", "file");
  expect((await openHubTokenizer(folder)).chatTemplate).toBe("file");
  write("additional_chat_templates/default.jinja", "default");
  expect((await openHubTokenizer(folder)).chatTemplate).toBe("default");
});

test("special tokens with names of their own, and those of special_tokens_map.json where transformers reads it", async () => {
  const names = "{{ bos_token }}{{ pad_token }}{{ image_token }}{{ audio }}{{ add_bos_token }}";
  const config = {
    chat_template: names,
    bos_token: "<s>",
    pad_token: null,
    add_bos_token: true,
    image_token: { content: "<i>" },
    extra_special_tokens: { audio: "<a>" },
  };
  write("tokenizer_config.json", config);
  write("special_tokens_map.json", { pad_token: { content: "<p>" }, bos_token: "<b>" });
  expect((await openHubTokenizer(folder)).applyChatTemplate(MESSAGES)).toBe("<b><p><i><a>");
  write("tokenizer_config.json", { ...config, added_tokens_decoder: {} });
  expect((await openHubTokenizer(folder)).applyChatTemplate(MESSAGES)).toBe("<s><i><a>");
});

test("tools and documents are None, and a prompt for the answer is asked for", async () => {
  write("tokenizer_config.json", {
    chat_template: "{{ tools is none }}{{ documents is none }}{{ add_generation_prompt }}{{ tools }}",
  });
  expect((await openHubTokenizer(folder)).applyChatTemplate(MESSAGES)).toBe("TrueTrueTrueNone");
});

test("what a template says in its error is one line, without control characters", async () => {
  write("tokenizer_config.json", { chat_template: "{{ raise_exception('only\n \x1b[31mpairs' ~ 'x' * 1000) }}" });
  const tokenizer = await openHubTokenizer(folder);
  let message = "";
  try {
    tokenizer.applyChatTemplate(MESSAGES);
  } catch (error) {
    expect(error).toBeInstanceOf(ParamscopeError);
    ({ message } = error as ParamscopeError);
  }
  expect(message).toMatch(/cannot be applied: only \?\[31mpairsx+…$/);
  expect(message.length).toBeLessThan(500);
});

test("none, and a broken one, are told in one line", async () => {
  write("tokenizer_config.json", {});
  const without = await openHubTokenizer(folder);
  expect(without.chatTemplate).toBeUndefined();
  expect(() => without.applyChatTemplate(MESSAGES)).toThrow(/has no chat template\.$/);
  write("tokenizer_config.json", { chat_template: "{% for %}" });
  const broken = await openHubTokenizer(folder);
  expect(() => broken.applyChatTemplate(MESSAGES)).toThrow(ParamscopeError);
  write("tokenizer_config.json", { chat_template: "{{ raise_exception('only pairs') }}" });
  expect(() => broken.applyChatTemplate(MESSAGES)).toThrow(ParamscopeError);
});

test.each([
  ["no tokenizer.json", undefined, /has no tokenizer \(tokenizer\.json\)\.$/],
  ["not JSON", "{", /tokenizer\.json is not valid JSON\.$/],
  ["nothing in it", {}, /is not a valid tokenizer\.json\.$/],
  ["WordPiece", { model: { type: "WordPiece", vocab: {} } }, /The tokenizer model WordPiece is not supported\.$/],
  ["an unknown normalizer", { normalizer: { type: "Rot13" } }, /normalizer Rot13 is not supported\.$/],
  ["an unknown pre-tokenizer", { pre_tokenizer: { type: "Rot13" } }, /pre-tokenizer Rot13 is not supported\.$/],
  [
    "a bad merge",
    { model: { type: "BPE", vocab: { a: 0 }, merges: ["a b"] } },
    /The merge a b is not of the vocabulary\.$/,
  ],
])("%s is told in one line", async (_, content, message) => {
  if (content === undefined) rmSync(join(folder, "tokenizer.json"));
  else write("tokenizer.json", content);
  const error: unknown = await openHubTokenizer(folder).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ParamscopeError);
  expect((error as ParamscopeError).message).toMatch(message);
  expect((error as ParamscopeError).message).not.toContain("\n");
  expect((error as ParamscopeError).remedy).toBeTruthy();
});
