import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { Checkpoint } from "../../../src/engine/model/checkpoint";
import { openCheckpoint } from "../../../src/engine/model/formats/open";
import { readTensors } from "./model-copy";
import { fixturePath } from "./reference";
import { ggufFile, type GgufEntries, type GgufWeights } from "./write-gguf";

/** What llama.cpp's converter made of a fixture (test/reference/record_gguf_conversions.py). */
interface Conversion {
  readonly metadata: GgufEntries;
  readonly tensors: Readonly<
    Record<
      string,
      { readonly shape: readonly number[]; readonly digest: string; readonly type?: "MXFP4" } & (
        { readonly from: string } | { readonly values: readonly number[] }
      )
    >
  >;
}

const conversions = JSON.parse(
  readFileSync(new URL("../../data/gguf-conversions.json", import.meta.url), "utf8"),
) as Readonly<Record<string, Conversion>>;

/** The fixtures that llama.cpp has the architecture of. */
export const convertedFixtures: readonly string[] = Object.keys(conversions);

/** What llama.cpp calls the architecture of a fixture. */
export const architectureOf = (fixture: string): string =>
  String(conversions[fixture].metadata["general.architecture"]);

/** What llama.cpp's converter says of a fixture. */
export const metadataOf = (fixture: string): GgufEntries => conversions[fixture].metadata;

/** The tensors that llama.cpp's converter made of a fixture, with a digest of their values. */
export const tensorsOf = (fixture: string): Conversion["tensors"] => conversions[fixture].tensors;

/** A converted fixture, and of its tensors those that are not what llama.cpp's own converter wrote. */
export interface Converted {
  readonly file: Buffer;
  readonly differing: readonly string[];
}

/** What a file has otherwise than the one that llama.cpp's converter writes. */
export interface GgufChanges {
  readonly metadata?: GgufEntries;
  /** Entries that are left out. */
  readonly without?: readonly string[];
  readonly tensors?: (tensors: readonly GgufWeights[]) => readonly GgufWeights[];
}

/**
 * A fixture as a GGUF file of float32: the metadata, names and shapes that llama.cpp's converter wrote of it, weights changed as it changes
 * them, and a byte-level tokenizer.
 */
export async function convertToGguf(
  fixture: string,
  { metadata: changed = {}, without = [], tensors: changedTensors = (all) => all }: GgufChanges = {},
): Promise<Converted> {
  const { metadata, tensors } = conversions[fixture];
  const folder = await openCheckpoint(fixturePath(fixture));
  try {
    const weights: GgufWeights[] = [];
    const differing: string[] = [];
    for (const [name, tensor] of Object.entries(tensors)) {
      const { shape, digest } = tensor;
      const values =
        "values" in tensor
          ? Float32Array.from(tensor.values)
          : tensor.type === undefined
            ? await converted(name, folder, tensor.from, metadata)
            : { type: tensor.type, bytes: repacked(fixture, name, tensor.from) };
      weights.push({ name, shape, values });
      if (digestOf(values) !== digest) differing.push(name);
    }
    const entries = Object.entries({ ...metadata, ...changed, ...tokenizerEntries(fixture) });
    const kept = Object.fromEntries(entries.filter(([key]) => !without.includes(key)));
    return { file: ggufFile(kept, changedTensors(weights)), differing };
  } finally {
    await folder.close();
  }
}

function digestOf(values: GgufWeights["values"]): string {
  return createHash("sha256")
    .update(values instanceof Float32Array ? Buffer.from(values.buffer, 0, values.byteLength) : values.bytes)
    .digest("hex")
    .slice(0, 16);
}

/** The converter looks at a text model that is inside another as if it stood alone, and gives a kind to names that have none. */
function storedName({ tensors }: Checkpoint, from: string): string {
  const name = from
    .replace(/\.e_score_correction\.bias$/, ".e_score_correction_bias")
    .replace(/(\.sinks|\.layer_scalar)\.weight$/, "$1");
  const inside = [name, `language_model.${name}`, name.replace(/^model\./, "model.language_model.")];
  const found = inside.find((one) => tensors.has(one)) ?? `transformer.${name}`;
  if (!tensors.has(found)) throw new Error(`the fixture has no ${name}`);
  return found;
}

async function converted(
  ggufName: string,
  folder: Checkpoint,
  from: string,
  metadata: GgufEntries,
): Promise<Float32Array> {
  if (ggufName.includes("_exps.")) return stackedExperts(ggufName, folder, from);
  const name = storedName(folder, from);
  const architecture = String(metadata["general.architecture"]);
  const own = (key: string): number | undefined => metadata[`${architecture}.${key}`] as number | undefined;
  const heads = own("attention.head_count") ?? NaN;
  const keys = own("attention.head_count_kv") ?? heads;
  if (/\.norms\.\d+\.weight$/.test(name)) return stackedNorms(folder, name);
  const values = await read(folder, name);
  const { shape } = folder.tensors.get(name) ?? { shape: [] };
  const rowLength = values.length / shape[0];
  const reordered = (places: readonly number[]): Float32Array => {
    const rows = values.length / places.length === rowLength ? rowLength : NaN;
    return Float32Array.from(
      { length: values.length },
      (_, i) => values[places[Math.floor(i / rows)] * rows + (i % rows)],
    );
  };
  const latent = /\.attn_([kv])_b\./.exec(ggufName)?.[1];
  if (latent !== undefined) return latentHeads(latent, values, heads, own);
  if (/^qwen35(moe)?$/.test(architecture)) return deltaNet(ggufName, values, shape, own);
  const side = /\.attn_([qk])\.(weight|bias)$/.exec(ggufName)?.[1];
  if (
    side !== undefined &&
    ["llama", "mistral3", "granite", "granitemoe", "arcee", "smollm3", "olmo"].includes(architecture)
  )
    return reordered(pairsFromHalves(shape[0], shape[0] / (side === "q" ? heads : keys)));
  if (ggufName.includes("attn_qkv") && ["gptneox", "bloom", "falcon"].includes(architecture))
    return reordered(partsFromGroups(shape[0], heads, keys));
  if (ggufName.endsWith("norm.weight") && ["gemma", "gemma2", "gemma3", "nemotron"].includes(architecture))
    return values.map((value) => value + 1);
  return values;
}

async function read(folder: Checkpoint, name: string): Promise<Float32Array> {
  const { shape } = folder.tensors.get(name) ?? { shape: [] };
  const values = new Float32Array(shape.reduce((size, dim) => size * dim, 1));
  await folder.read(name, values);
  return values;
}

/**
 * What all experts of a block have of a matrix or bias, one behind the other. The converter took it of one tensor of all, or, where each has
 * its own, noted one of the last expert's.
 */
async function stackedExperts(ggufName: string, folder: Checkpoint, from: string): Promise<Float32Array> {
  const [, matrix = "", kind = ""] = /ffn_(gate|up|down)_exps\.(weight|bias)$/.exec(ggufName) ?? [];
  const isUp = matrix === "up";
  const all: Float32Array[] = [];
  for (let expert = 0; ; expert++) {
    const name = nameOfExpert(expert, matrix, kind, from);
    const { shape } = folder.tensors.get(name) ?? {};
    if (shape === undefined) break;
    const values = await read(folder, name);
    const rowLength = values.length / shape[0];
    const isWanted = name.includes("gate_up_proj")
      ? (row: number) => (row % 2 === 1) === isUp
      : name.includes("input_linear")
        ? (row: number) => row >= shape[0] / 2 === isUp
        : () => true;
    all.push(values.filter((_, i) => isWanted(Math.floor(i / rowLength))));
  }
  return concatenated(all);
}

/**
 * A stack of experts in MXFP4 as ggml has its blocks: the exponent, then 16 bytes, of which the first values are the lower bits and the others
 * the upper ones. In the folder two neighbours share a byte, and exponents are a tensor of their own.
 */
function repacked(fixture: string, ggufName: string, from: string): Uint8Array {
  const tensors = readTensors(readFileSync(join(fixturePath(fixture), "model.safetensors")));
  const [codes, scales] = [tensors.get(`${from}_blocks`), tensors.get(`${from}_scales`)];
  if (codes === undefined || scales === undefined) throw new Error(`${fixture} has no ${from}_blocks`);
  const [, rows, groups] = codes.shape;
  const half = Number(ggufName.includes("up_exps"));
  const nibble = (block: number, value: number): number =>
    (codes.bytes[16 * block + Math.floor(value / 2)] >> (4 * (value % 2))) & 15;
  const blocks = Array.from(scales.bytes, (exponent, block) => [
    exponent,
    ...Array.from({ length: 16 }, (_, i) => nibble(block, i) | (nibble(block, i + 16) << 4)),
  ]).filter((_, block) => !from.endsWith("gate_up_proj") || (Math.floor(block / groups) % rows) % 2 === half);
  return Uint8Array.from(blocks.flat());
}

function nameOfExpert(expert: number, matrix: string, kind: string, from: string): string {
  const [, module = "", ofAll = "", own = ""] =
    /^(.*\.)(?:experts\.(\w+?)(?:_bias)?|experts\.\d+\.(\w+)\.weight|\w+_linear\.weight)$/.exec(from) ?? [];
  if (from.endsWith("_linear.weight")) return from.replace("weight", `${expert}.weight`);
  if (own === "") return `${module}experts.${expert}.${ofAll}.${kind}`;
  const numbered: Readonly<Record<string, string>> = { gate: "w1", up: "w3", down: "w2" };
  return `${module}experts.${expert}.${/^w\d$/.test(own) ? numbered[matrix] : `${matrix}_proj`}.weight`;
}

/** Of keys and values of latent attention, head by head: keys the other way round, or values as they are. */
function latentHeads(
  side: string,
  values: Float32Array,
  heads: number,
  own: (key: string) => number | undefined,
): Float32Array {
  const keySize = (own("attention.key_length_mla") ?? NaN) - (own("rope.dimension_count") ?? NaN);
  const valueSize = own("attention.value_length_mla") ?? NaN;
  const rank = values.length / (heads * (keySize + valueSize));
  return concatenated(
    Array.from({ length: heads }, (_, head) => {
      const rowOf = (row: number): number => (head * (keySize + valueSize) + row) * rank;
      if (side === "v") return values.subarray(rowOf(keySize), rowOf(keySize + valueSize));
      return Float32Array.from(
        { length: keySize * rank },
        (_, i) => values[rowOf(i % keySize) + Math.floor(i / keySize)],
      );
    }),
  );
}

/** Qwen3.5: value heads that share a key are apart, decays are there as they are used, norms as 1 + w but for those of linear attention. */
function deltaNet(
  ggufName: string,
  values: Float32Array,
  shape: readonly number[],
  own: (key: string) => number | undefined,
): Float32Array {
  const [keys, all] = [own("ssm.group_count") ?? NaN, own("ssm.time_step_rank") ?? NaN];
  const valueSize = (own("ssm.inner_size") ?? NaN) / all;
  const before = 2 * keys * (own("ssm.state_size") ?? NaN);
  /** Groups of so many values each, from a place on. */
  const tiled = (size: number, from = 0): Float32Array =>
    values.map((value, i) => {
      if (i < from) return value;
      const [head, place] = [Math.floor((i - from) / size), (i - from) % size];
      return values[from + ((head % keys) * (all / keys) + Math.floor(head / keys)) * size + place];
    });
  const rowLength = values.length / shape[0];
  const [, part = ""] = /^blk\.\d+\.(\w+)/.exec(ggufName) ?? [];
  switch (part) {
    case "attn_qkv":
    case "ssm_conv1d":
      return tiled(valueSize * rowLength, before * rowLength);
    case "attn_gate":
      return tiled(valueSize * rowLength);
    case "ssm_alpha":
    case "ssm_beta":
    case "ssm_dt":
      return tiled(rowLength);
    case "ssm_a":
      return tiled(1).map((value) => -Math.fround(Math.exp(value)));
    case "ssm_out":
      return concatenated(
        Array.from({ length: shape[0] }, (_, row) => {
          const [from, to] = [row * rowLength, (row + 1) * rowLength];
          return deltaNet("blk.0.attn_gate.weight", values.subarray(from, to), [rowLength], own);
        }),
      );
    default:
      return ggufName.endsWith("norm.weight") && part !== "ssm_norm" ? values.map((value) => value + 1) : values;
  }
}

function concatenated(all: readonly Float32Array[]): Float32Array {
  return Float32Array.from(all.flatMap((one) => [...one]));
}

/** StableLM's norms of single heads, as a matrix. */
async function stackedNorms(folder: Checkpoint, name: string): Promise<Float32Array> {
  const rows: Float32Array[] = [];
  for (let head = 0; ; head++) {
    const one = name.replace(/\d+\.weight$/, `${head}.weight`);
    if (!folder.tensors.has(one)) break;
    rows.push(await read(folder, one));
  }
  return concatenated(rows);
}

/** `LlamaModel.permute`: the rows of the two halves of a head in turn. Of each row of the file, which it was. */
function pairsFromHalves(rows: number, headSize: number): number[] {
  return Array.from({ length: rows }, (_, row) => {
    const inHead = row % headSize;
    return row - inHead + (inHead % 2) * (headSize / 2) + Math.floor(inHead / 2);
  });
}

/** All queries, all keys, all values of groups `q … q k v`. Of each row of the file, which it was. */
function partsFromGroups(rows: number, heads: number, keys: number): number[] {
  const sharing = heads / keys;
  const headSize = rows / (heads + 2 * keys);
  const group = (sharing + 2) * headSize;
  const of = (key: number, place: number): number[] =>
    Array.from({ length: headSize }, (_, i) => key * group + place * headSize + i);
  const all = Array.from({ length: keys }, (_, key) => key);
  const queries = all.flatMap((key) => Array.from({ length: sharing }, (_, place) => of(key, place)).flat());
  return [...queries, ...all.flatMap((key) => of(key, sharing)), ...all.flatMap((key) => of(key, sharing + 1))];
}

interface HubTokenizer {
  readonly added_tokens: readonly { readonly id: number }[];
  readonly post_processor: { readonly single: readonly object[] };
  readonly model: {
    readonly vocab: Readonly<Record<string, number>>;
    readonly merges: readonly (readonly [string, string])[];
    readonly byte_fallback?: boolean;
  };
}

const [NORMAL, CONTROL, BYTE] = [1, 3, 6];

/** The tokenizer of a fixture; one with bytes as its last resort is SentencePiece's. */
function tokenizerEntries(fixture: string): GgufEntries {
  const { model, added_tokens, post_processor } = JSON.parse(
    readFileSync(join(fixturePath(fixture), "tokenizer.json"), "utf8"),
  ) as HubTokenizer;
  const tokens = Object.entries(model.vocab)
    .sort(([, a], [, b]) => a - b)
    .map(([token]) => token);
  const added = new Set(added_tokens.map(({ id }) => id));
  const isSentencePiece = model.byte_fallback === true;
  const ranks = new Map(model.merges.map(([left, right], i) => [left + right, i]).toReversed() as [string, number][]);
  return {
    "tokenizer.ggml.model": isSentencePiece ? "llama" : "gpt2",
    "tokenizer.ggml.pre": isSentencePiece ? "default" : "gpt-2",
    "tokenizer.ggml.tokens": tokens,
    "tokenizer.ggml.token_type": tokens.map((token, id) =>
      isSentencePiece && token.startsWith("<0x") ? BYTE : added.has(id) ? CONTROL : NORMAL,
    ),
    ...(isSentencePiece
      ? {
          "tokenizer.ggml.scores": tokens.map((token) => -(ranks.get(token) ?? 1000)),
          "tokenizer.ggml.unknown_token_id": 0,
        }
      : { "tokenizer.ggml.merges": model.merges.map((pair) => pair.join(" ")) }),
    "tokenizer.ggml.bos_token_id": 1,
    "tokenizer.ggml.eos_token_id": 2,
    "tokenizer.ggml.add_bos_token": post_processor.single.some((item) => "SpecialToken" in item),
  };
}
