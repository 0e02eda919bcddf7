import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { Checkpoint } from "../../../src/engine/model/checkpoint";
import { openCheckpoint } from "../../../src/engine/model/formats/open";
import { fixturePath } from "./reference";
import { ggufFile, type GgufEntries, type GgufWeights } from "./write-gguf";

/** What llama.cpp's converter made of a fixture (test/reference/record_gguf_conversions.py). */
interface Conversion {
  readonly metadata: GgufEntries;
  readonly tensors: Readonly<
    Record<
      string,
      { readonly shape: readonly number[]; readonly digest: string } & (
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

/** A converted fixture, and of its tensors those that are not what llama.cpp's own converter wrote. */
export interface Converted {
  readonly file: Buffer;
  readonly differing: readonly string[];
}

/**
 * A fixture as a GGUF file of float32: the metadata, names and shapes that llama.cpp's converter wrote of it, weights changed as it changes
 * them, and a byte-level tokenizer.
 */
export async function convertToGguf(fixture: string): Promise<Converted> {
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
          : await changed(name, folder, storedName(folder, tensor.from), metadata);
      weights.push({ name, shape, values });
      if (digestOf(values) !== digest) differing.push(name);
    }
    return { file: ggufFile({ ...metadata, ...tokenizerEntries(fixture) }, weights), differing };
  } finally {
    await folder.close();
  }
}

function digestOf(values: Float32Array): string {
  return createHash("sha256")
    .update(Buffer.from(values.buffer, 0, values.byteLength))
    .digest("hex")
    .slice(0, 16);
}

/** The converter looks at a text model that is inside another as if it stood alone. */
function storedName({ tensors }: Checkpoint, name: string): string {
  const inside = [name, `language_model.${name}`, name.replace(/^model\./, "model.language_model.")];
  const found = inside.find((one) => tensors.has(one)) ?? `transformer.${name}`;
  if (!tensors.has(found)) throw new Error(`the fixture has no ${name}`);
  return found;
}

async function changed(
  ggufName: string,
  folder: Checkpoint,
  name: string,
  metadata: GgufEntries,
): Promise<Float32Array> {
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
  const side = /\.attn_([qk])\.(weight|bias)$/.exec(ggufName)?.[1];
  if (side !== undefined && ["llama", "mistral3", "granite", "arcee", "smollm3", "olmo"].includes(architecture))
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

/** StableLM's norms of single heads, as a matrix. */
async function stackedNorms(folder: Checkpoint, name: string): Promise<Float32Array> {
  const rows: Float32Array[] = [];
  for (let head = 0; ; head++) {
    const one = name.replace(/\d+\.weight$/, `${head}.weight`);
    if (!folder.tensors.has(one)) break;
    rows.push(await read(folder, one));
  }
  return Float32Array.from(rows.flatMap((row) => [...row]));
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
