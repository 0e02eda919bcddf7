import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ParamscopeError } from "../../../../src/engine/errors";
import { openCheckpoint } from "../../../../src/engine/model/formats/open";

const FIXTURES = new URL("../../../fixtures/", import.meta.url).pathname;
const GGUF = readFileSync(new URL("../../../data/gguf/llama.gguf", import.meta.url));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "paramscope-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** The error's line and remedy, with the folder's name taken out. */
async function told(path: string, use?: (path: string) => Promise<unknown>): Promise<string> {
  const open = async (one: string): Promise<unknown> => (await openCheckpoint(one)).close();
  const error: unknown = await (use ?? open)(path).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ParamscopeError);
  const { message, remedy } = error as ParamscopeError;
  expect(message).not.toContain("\n");
  return `${message} | ${remedy ?? "NO REMEDY"}`.replaceAll(folder, "DIR");
}

function safetensors(header: unknown, dataBytes: number): Buffer {
  const text = Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
  const file = Buffer.alloc(8 + text.length + dataBytes);
  file.writeBigUInt64LE(BigInt(text.length));
  text.copy(file, 8);
  return file;
}

function writeModel(header: unknown, dataBytes = 64): string {
  writeFileSync(join(folder, "config.json"), '{"model_type":"llama"}');
  writeFileSync(join(folder, "model.safetensors"), safetensors(header, dataBytes));
  return folder;
}

const tensor = (shape: unknown, begin: number, end: number, dtype = "F32"): unknown => ({
  dtype,
  shape,
  data_offsets: [begin, end],
});

test.each<[string, unknown]>([
  ["not JSON", "{"],
  ["not UTF-8", "\uD800{}"],
  ["an array", []],
  ["a tensor that is no object", { a: 1 }],
  ["an unknown type", { a: tensor([4], 0, 16, "F12") }],
  ["no type", { a: { shape: [4], data_offsets: [0, 16] } }],
  ["a negative size", { a: tensor([-4], 0, 16) }],
  ["a fractional size", { a: tensor([0.5], 0, 2) }],
  ["too many dimensions", { a: tensor(new Array(17).fill(1), 0, 4) }],
  ["a shape of another size", { a: tensor([5], 0, 16) }],
  ["a huge shape", { a: tensor([2 ** 52, 2 ** 52], 0, 16) }],
  ["reversed offsets", { a: tensor([4], 16, 0) }],
  ["three offsets", { a: { dtype: "F32", shape: [4], data_offsets: [0, 8, 16] } }],
  ["a tensor beyond the end", { a: tensor([32], 0, 128) }],
  ["overlapping tensors", { a: tensor([4], 0, 16), b: tensor([4], 12, 28) }],
  ["a name that would break the line", { "a\nb\u001b[31m": tensor([5], 0, 16) }],
])("safetensors: %s", async (_, header) => {
  expect(await told(writeModel(header))).toMatchSnapshot();
});

test("safetensors: lying about the header's length, and cut off", async () => {
  writeModel({});
  const file = join(folder, "model.safetensors");
  for (const length of [73n, 200n, 100_000_001n, 2n ** 63n, 2n ** 64n - 1n]) {
    const bytes = safetensors({}, 64);
    bytes.writeBigUInt64LE(length);
    writeFileSync(file, bytes);
    expect(await told(folder)).toMatchSnapshot();
  }
  for (const size of [0, 7, 8, 20]) {
    writeFileSync(file, safetensors({ a: tensor([4], 0, 16) }, 64));
    truncateSync(file, size);
    expect(await told(folder)).toMatchSnapshot();
  }
});

test("folders: what is missing, or of another kind", async () => {
  expect(await told(join(folder, "nowhere"))).toMatchSnapshot();
  expect(await told(folder)).toMatchSnapshot();
  writeFileSync(join(folder, "model.gguf"), "");
  expect(await told(folder)).toMatchSnapshot();
  rmSync(join(folder, "model.gguf"));
  writeFileSync(join(folder, "config.json"), "{");
  expect(await told(folder)).toMatchSnapshot();
  writeFileSync(join(folder, "config.json"), "[]");
  expect(await told(folder)).toMatchSnapshot();
  writeFileSync(join(folder, "config.json"), '{"model_type":"llama"}');
  expect(await told(folder)).toMatchSnapshot();
  writeFileSync(join(folder, "model.gguf"), "");
  expect(await told(folder)).toMatchSnapshot();
  writeFileSync(join(folder, "pytorch_model.bin"), "");
  expect(await told(folder)).toMatchSnapshot();
  expect(await told(join(folder, "pytorch_model.bin"))).toMatchSnapshot();
  expect(await told(join(folder, "model.gguf"))).toMatchSnapshot();
  mkdirSync(join(folder, "model.safetensors"));
  expect(await told(folder)).toMatchSnapshot();
});

test("shards: missing, of another model, outside the folder", async () => {
  cpSync(`${FIXTURES}mistral`, folder, { recursive: true });
  const index = join(folder, "model.safetensors.index.json");
  const { weight_map: map } = JSON.parse(readFileSync(index, "utf8")) as { weight_map: Record<string, string> };
  const write = (weightMap: unknown): void => {
    writeFileSync(index, JSON.stringify({ weight_map: weightMap }));
  };
  write({ ...map, "model.extra.weight": "model-00001-of-00002.safetensors" });
  expect(await told(folder)).toMatchSnapshot();
  write({ ...map, "model.extra.weight": "../model-00001-of-00002.safetensors" });
  expect(await told(folder)).toMatchSnapshot();
  write(undefined);
  expect(await told(folder)).toMatchSnapshot();
  write(Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [`t${i}`, `${i}.safetensors`])));
  expect(await told(folder)).toMatchSnapshot();
  write(map);
  rmSync(join(folder, "model-00002-of-00002.safetensors"));
  expect(await told(folder)).toMatchSnapshot();
});

test.skipIf(process.getuid?.() === 0)("no permission", async () => {
  writeModel({});
  chmodSync(join(folder, "model.safetensors"), 0);
  expect(await told(folder)).toMatchSnapshot();
});

test("values: NaN, infinite, of a type that is not read, of a tensor that is not there, a file that shrank", async () => {
  writeModel({
    good: tensor([2, 2], 0, 16),
    bad: tensor([2, 2], 16, 32),
    half: tensor([4], 32, 40, "BF16"),
    ids: tensor([1], 40, 48, "I64"),
  });
  const file = join(folder, "model.safetensors");
  const bytes = readFileSync(file);
  const data = bytes.length - 64;
  bytes.writeFloatLE(NaN, data + 28);
  bytes.writeUInt16LE(0xff80, data + 38);
  writeFileSync(file, bytes);
  const read = (name: string) => async (path: string) => {
    const checkpoint = await openCheckpoint(path);
    try {
      await checkpoint.read(name, new Float32Array(16));
    } finally {
      await checkpoint.close();
    }
  };
  await read("model.good")(folder);
  for (const name of ["model.bad", "model.half", "model.ids", "model.none"]) {
    expect(await told(folder, read(name))).toMatchSnapshot();
  }
  const checkpoint = await openCheckpoint(folder);
  truncateSync(file, data + 20);
  expect(await told(folder, () => checkpoint.read("model.bad", new Float32Array(4)))).toMatchSnapshot();
  await checkpoint.close();
});

/** The file with some bytes changed: `at` of the first occurrence of a text in it, plus an offset. */
function patched(text: string, offset: number, ...bytes: number[]): Buffer {
  const file = Buffer.from(GGUF);
  const at = text === "" ? 0 : file.indexOf(text);
  expect(at).toBeGreaterThanOrEqual(0);
  Buffer.from(bytes).copy(file, at + offset);
  return file;
}

const HUGE = [255, 255, 255, 255, 255, 255, 255, 255];

test.each<[string, () => Buffer]>([
  ["another magic number", () => patched("", 0, 0)],
  ["big-endian", () => patched("", 4, 0, 0, 0, 3)],
  ["version 1", () => patched("", 4, 1, 0, 0, 0)],
  ["version 9", () => patched("", 4, 9, 0, 0, 0)],
  ["too many tensors", () => patched("", 8, ...HUGE)],
  ["too many entries", () => patched("", 16, 0, 0, 1, 0)],
  ["a huge key", () => patched("", 24, ...HUGE)],
  ["a huge string", () => patched("general.name", 16, ...HUGE)],
  ["an unknown value type", () => patched("general.name", 12, 99)],
  ["a huge array", () => patched("tokenizer.ggml.tokens", 29, ...HUGE)],
  ["an array longer than the file", () => patched("tokenizer.ggml.tokens", 29, 0, 0, 32)],
  ["an array of arrays", () => patched("tokenizer.ggml.tokens", 25, 9)],
  ["an entry twice", () => patched("llama.rope.freq_base", 0, ...Buffer.from("general.architecture"))],
  ["an unknown architecture", () => patched("general.architecture", 32, ...Buffer.from("klama"))],
  ["no dimensions", () => patched("blk.0.attn_k.weight", 19, 0)],
  ["five dimensions", () => patched("blk.0.attn_k.weight", 19, 5)],
  ["a huge dimension", () => patched("blk.0.attn_k.weight", 23, ...HUGE)],
  ["rows that are no blocks", () => patched("blk.0.attn_k.weight", 23, 65)],
  ["an unsupported type", () => patched("blk.0.attn_k.weight", 39, 40)],
  ["an unknown type", () => patched("blk.0.attn_k.weight", 39, 199)],
  ["an offset that is not aligned", () => patched("blk.0.attn_k.weight", 43, 1)],
  ["an offset beyond the end", () => patched("blk.0.attn_k.weight", 47, 0, 1)],
  [
    "overlapping tensors",
    () => patched("blk.0.attn_q.weight", 43, ...GGUF.subarray(GGUF.indexOf("blk.0.attn_k.weight") + 43).subarray(0, 8)),
  ],
  ["a tensor that is not of the architecture", () => patched("blk.0.attn_k.weight", 0, ...Buffer.from("blk.0.attn_z"))],
  ["a missing size", () => patched("llama.block_count", 0, ...Buffer.from("llama.block_kount"))],
  ["cut off in the header", () => GGUF.subarray(0, 5000)],
  ["cut off in the data", () => GGUF.subarray(0, GGUF.length - 1)],
])("gguf: %s", async (_, bytes) => {
  writeFileSync(join(folder, "model.gguf"), bytes());
  expect(await told(join(folder, "model.gguf"))).toMatchSnapshot();
});

test
  .runIf(process.platform === "linux")
  .each(["config.json", "tokenizer.json", "chat_template.jinja", "model.safetensors"])(
  "a pipe in the place of %s is none of a model's files, and nobody waits for it",
  async (file) => {
    cpSync(join(FIXTURES, "llama"), folder, { recursive: true });
    rmSync(join(folder, file), { force: true });
    execFileSync("mkfifo", [join(folder, file)]);
    expect(await told(folder)).toContain(`DIR/${file} is no regular file, but a pipe or a device.`);
  },
);
