import { execFileSync } from "node:child_process";
import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { unseen } from "../support/unseen";
import { paramscope, repository } from "./session";

/* Models that want to hang the command, to take the machine's memory, to speak to the terminal or to take along what is not theirs: each ends with one line. */

let root = "";

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "paramscope-hostile-"));
});

afterAll(async () => {
  await rm(root, { recursive: true });
});

type Json = Record<string, unknown>;
type Change = (folder: string) => Promise<void>;

const edited =
  (file: string, edit: (value: Json) => void): Change =>
  async (folder) => {
    const path = join(folder, file);
    const value = JSON.parse(await readFile(path, "utf8").catch(() => "{}")) as Json;
    edit(value);
    await writeFile(path, JSON.stringify(value));
  };
const config = (values: Json): Change => edited("config.json", (value) => Object.assign(value, values));
const tokenizer = (values: Json): Change => edited("tokenizer.json", (value) => Object.assign(value, values));
const ofModel = (values: Json): Change => edited("tokenizer.json", ({ model }) => Object.assign(model as Json, values));
const template =
  (text: string): Change =>
  async (folder) =>
    await writeFile(join(folder, "chat_template.jinja"), text);
const pipe =
  (file: string): Change =>
  async (folder) => {
    await rm(join(folder, file), { force: true });
    execFileSync("mkfifo", [join(folder, file)]);
  };
const device =
  (file: string): Change =>
  async (folder) => {
    await rm(join(folder, file), { force: true });
    await symlink("/dev/zero", join(folder, file));
  };
/** Another header of the weights, whose tensors stay. */
const header =
  (edit: (text: string) => string): Change =>
  async (folder) => {
    const path = join(folder, "model.safetensors");
    const bytes = await readFile(path);
    const length = Number(bytes.readBigUInt64LE());
    const text = Buffer.from(edit(bytes.subarray(8, 8 + length).toString("utf8")));
    const size = Buffer.alloc(8);
    size.writeBigUInt64LE(BigInt(text.length));
    await writeFile(path, Buffer.concat([size, text, bytes.subarray(8 + length)]));
  };

const bytes = { type: "ByteLevel", add_prefix_space: false, use_regex: false };
const split = (regex: string): Change => {
  const cut = { type: "Split", pattern: { Regex: regex }, behavior: "Isolated", invert: false };
  return tokenizer({ pre_tokenizer: { type: "Sequence", pretokenizers: [cut, bytes] } });
};
const replaced = (regex: string): Change =>
  tokenizer({ normalizer: { type: "Replace", pattern: { Regex: regex }, content: "x" } });

const ESCAPE = "\u001b]0;title\u0007\u001b[31mRED\u001b[2J\u202eeman\u200b";
const escaped = JSON.stringify(ESCAPE).slice(1, -1);
const NAMES = ["constructor", "__proto__"];

/** What a model has been made to be, and what the line says. */
const models: readonly (readonly [string, Change, RegExp, string?])[] = [
  // expressions that do not come to an end
  ...[String.raw`(\w+\s?)*\d\d\d$`, "(a|a)*b"].map(
    (regex) => [`splits by ${regex}`, split(regex), /takes more than 5 s|is not supported/] as const,
  ),
  ["normalizes by (a+)+$", replaced("(a+)+$"), /takes more than 5 s|is not supported/],
  // templates
  ...(
    [
      [
        "{% for a in range(3000) %}{% for b in range(3000) %}{% for c in range(3000) %}{% endfor %}{% endfor %}{% endfor %}",
        /steps/,
      ],
      ["{% for i in range(1000000000) %}x{% endfor %}", /Range too big/],
      ["{# nothing #}", /makes nothing/],
      ["{% if false %}x{% endif %}", /makes nothing/],
      ["{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", /nested/],
      [
        "{% set ns = namespace(t='aa') %}{% for i in range(99) %}{% set ns.t = ns.t + ns.t %}{% endfor %}{{ ns.t }}",
        /a text of/,
      ],
      [`{{ raise_exception("${escaped}") }}`, /title/],
      [`{{ raise_exception("x" * 100000) }}`, /xxx/],
      [`{{ ${escaped} }}`, /template/],
    ] as const
  ).map(([text, says]) => [`has the template ${text.slice(0, 60)}`, template(text), says, "--chat"] as const),
  // commands to a terminal
  ["cuts by escapes", split(`[${ESCAPE}`), /pattern/],
  ["has a normalizer of escapes", tokenizer({ normalizer: { type: ESCAPE } }), /normalizer/],
  [
    "has a pre-tokenizer of escapes",
    tokenizer({ pre_tokenizer: { type: ESCAPE } }),
    /pre-tokenizer|pretokenizer|supported/,
  ],
  ["has a tokenizer of escapes", ofModel({ type: ESCAPE }), /supported|tokenizer/],
  ["merges escapes", ofModel({ merges: [`${ESCAPE} x`] }), /merge/],
  ["is of the type of escapes", config({ model_type: ESCAPE }), /architecture/],
  ["is activated by escapes", config({ hidden_act: ESCAPE }), /activation/],
  ["is turned by escapes", config({ rope_scaling: { rope_type: ESCAPE, factor: 2 } }), /rope|supported/i],
  ["is quantized by escapes", config({ quantization_config: { quant_method: ESCAPE } }), /quant/i],
  ["stores escapes", header((text) => text.replace(/"F32"|"BF16"|"F16"/, JSON.stringify(ESCAPE))), /title/],
  // look-ups by names that every object has
  ...NAMES.flatMap((name) => [
    [`is activated by ${name}`, config({ hidden_act: name }), new RegExp(`'${name}'`)] as const,
    [`is of the type ${name}`, config({ model_type: name }), new RegExp(`'${name}'`)] as const,
    [`is turned by ${name}`, config({ rope_scaling: { rope_type: name, factor: 2 } }), new RegExp(name)] as const,
    [`is quantized by ${name}`, config({ quantization_config: { quant_method: name } }), new RegExp(name)] as const,
    [`has the normalizer ${name}`, tokenizer({ normalizer: { type: name } }), new RegExp(name)] as const,
    [
      `stores ${name}`,
      header((text) => text.replace(/"F32"|"BF16"|"F16"/, JSON.stringify(name))),
      new RegExp(name),
    ] as const,
  ]),
  // sizes
  ...([1e9, 1.5, -1, 0, 1e300, "twelve", null] as const).map(
    (size) => [`has ${String(size)} layers`, config({ num_hidden_layers: size }), /num_hidden_layers/] as const,
  ),
  ...(["hidden_size", "num_attention_heads", "intermediate_size", "vocab_size"] as const).map(
    (key) => [`has a ${key} of 10^15`, config({ [key]: 1e15 }), /./] as const,
  ),
];

async function made(name: string, change: Change): Promise<string> {
  const folder = join(root, name.replace(/[^\w]/g, "_").slice(0, 80));
  await cp(join(repository, "models/demo"), folder, { recursive: true });
  await rm(join(folder, "yardstick"), { recursive: true });
  await rm(join(folder, "typical"), { recursive: true });
  await change(folder);
  return folder;
}

const text = `${"a".repeat(60)}!`;

test.each(models.map((model) => [...model] as const))("a model that %s", async (...[name, change, says, chat]) => {
  const model = await made(name, change);
  const started = Date.now();
  const { code, stdout, stderr } = await paramscope([
    ...["analyze", "--model", model, "--text", text, "--quiet"],
    ...(chat === undefined ? [] : [chat]),
  ]);
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toMatch(says);
  expect(stderr).toMatch(/^paramscope: [^\n]+\n$/);
  expect(stderr).not.toContain("defect");
  expect(stderr.length).toBeLessThan(4100);
  expect(unseen(stderr)).toEqual([]);
  expect(Date.now() - started).toBeLessThan(10_000);
  await rm(model, { recursive: true });
});

const files = ["config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json", "chat_template.jinja"];

test
  .runIf(process.platform === "linux")
  .each([
    ...files.map((file) => [`a pipe as ${file}`, pipe(file)] as const),
    ...files.map((file) => [`a device as ${file}`, device(file)] as const),
  ])("%s", async (name, change) => {
  const model = await made(name, change);
  const started = Date.now();
  const { code, stderr } = await paramscope(["analyze", "--model", model, "--text", text, "--quiet"]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^paramscope: [^\n]* is no regular file[^\n]*\n$/);
  expect(Date.now() - started).toBeLessThan(5000);
});

test.runIf(process.platform !== "win32")("a link out of the folder is not followed by an export", async () => {
  const secret = join(root, "secret.txt");
  await writeFile(secret, "SECRET\n");
  for (const name of ["merges.txt", "generation_config.json", "special_tokens_map.json"]) {
    const model = await made(`link ${name}`, async (folder) => {
      await rm(join(folder, name), { force: true });
      await symlink(secret, join(folder, name));
    });
    const target = join(root, "exported");
    const { stdout, stderr } = await paramscope([
      "prune",
      "--model",
      model,
      "--text",
      "The river rose.",
      "--export",
      target,
    ]);
    expect(stdout + stderr).toContain(name);
    for (const file of await readdir(target).catch(() => []))
      expect((await readFile(join(target, file))).includes("SECRET"), file).toBe(false);
    await rm(target, { recursive: true, force: true });
  }
});

test("other weights of the same shapes are another model", async () => {
  const other = await made("other", async (folder) => {
    const path = join(folder, "model.safetensors");
    const content = await readFile(path);
    const length = Number(content.readBigUInt64LE());
    const tensors = JSON.parse(content.subarray(8, 8 + length).toString("utf8")) as Record<
      string,
      { readonly data_offsets: readonly [number, number] }
    >;
    for (const [name, { data_offsets }] of Object.entries(tensors))
      if (name.endsWith("mlp.down_proj.weight"))
        content.fill(0, 8 + length + data_offsets[0], 8 + length + data_offsets[1]);
    await writeFile(path, content);
  });
  const hashes = await Promise.all(
    [[], ["--model", other]].map(async (model) => {
      const { stdout } = await paramscope(["analyze", "--text", "The river rose.", "--json", "--quiet", ...model]);
      return (JSON.parse(stdout) as { readonly model: { readonly hash: string } }).model.hash;
    }),
  );
  expect(new Set(hashes).size).toBe(2);
});
