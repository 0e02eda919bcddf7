import { copyFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ExportTarget } from "../../api";
import type { TensorInfo } from "../../model/checkpoint";
import { isConv1D } from "../../model/formats/hub-names";
import type { Model } from "../../model/model";
import { bytesPerWeight, encodeFloats, isFloatType, type FloatType } from "./encode-floats";
import { writeSafetensors, type WrittenTensor } from "./safetensors-writer";
import { writeWholeFolder } from "./whole-folder";

/** Weights that are read and written at a time. */
const PIECE = 2 ** 22;
/** Files of a model are at most about this large, as transformers writes them. */
const SHARD_BYTES = 5e9;
/** What stands beside the weights in a Hugging Face folder, and is the same for the pruned model. */
const COPIED =
  /^(tokenizer(_config)?\.json|tokenizer\.model|special_tokens_map\.json|added_tokens\.json|vocab\.json|merges\.txt|chat_template\.(jinja|json)|generation_config\.json)$/;

export interface Exported {
  readonly bytes: number;
  /** Of the weights: `F32`, or what they were stored as. */
  readonly type: string;
  /** The tokenizer was written too. */
  readonly hasTokenizer: boolean;
}

/**
 * Writes a model as transformers loads it: safetensors, config.json and, where the model came as a folder, its tokenizer.
 * Weights that were stored as floats and did not change keep their type; others are float32.
 * @param changed the matrices hold values that their type may not
 * @throws ParamscopeError when the folder cannot be written, or is there; the signal's reason when aborted.
 */
export async function exportModel(
  model: Model,
  target: ExportTarget,
  changed: boolean,
  signal: AbortSignal | undefined,
): Promise<Exported> {
  const { checkpoint } = model;
  // GGUF's own tables of rope factors are in the configuration
  const tensors = [...checkpoint.tensors.values()].filter(({ name }) => !name.startsWith("rope_"));
  const matrices = new Set(model.modules.map(({ name }) => name));
  const isMatrix = (name: string): boolean =>
    name.startsWith(`${model.definition.blocks}.`) &&
    matrices.has(
      name
        .slice(model.definition.blocks.length + 1)
        .replace(/^\d+\./, "")
        .replace(/\.weight$/, ""),
    );
  const typeOf = ({ name, type }: TensorInfo): FloatType =>
    isFloatType(type) && !(changed && isMatrix(name)) ? type : "F32";
  const types = new Set(tensors.map(typeOf));
  const [only] = types;
  const type = types.size === 1 ? only : "F32";

  const shards = shardsOf(tensors.map((tensor) => written(model, tensor, typeOf(tensor), signal)));
  let bytes = 0;
  let hasTokenizer = false;
  await writeWholeFolder(target, async (folder) => {
    const files: string[] = [];
    const weightMap: Record<string, string> = {};
    for (const [i, shard] of shards.entries()) {
      const file = shards.length === 1 ? "model.safetensors" : shardName(i, shards.length);
      bytes += await writeSafetensors(join(folder, file), shard, { format: "pt" });
      files.push(file);
      for (const { name } of shard) weightMap[name] = file;
    }
    const json = async (file: string, content: unknown): Promise<void> => {
      await writeFile(join(folder, file), `${JSON.stringify(content, null, 2)}\n`);
      files.push(file);
    };
    if (shards.length > 1)
      await json("model.safetensors.index.json", { metadata: { total_size: bytes }, weight_map: weightMap });
    await json("config.json", configOf(model, type));
    if (checkpoint.format === "safetensors")
      for (const file of (await readdir(checkpoint.path)).filter((name) => COPIED.test(name))) {
        await copyFile(join(checkpoint.path, file), join(folder, file));
        files.push(file);
      }
    hasTokenizer = files.includes("tokenizer.json");
    return files;
  });
  return { bytes, type, hasTokenizer };
}

const dtypes: Readonly<Record<FloatType, string>> = { F32: "float32", F16: "float16", BF16: "bfloat16" };

/** transformers loads weights as what the configuration says. */
function configOf({ checkpoint }: Model, type: FloatType): Record<string, unknown> {
  const config: Record<string, unknown> = { ...checkpoint.config, dtype: dtypes[type] };
  // what `dtype` was called before, and what no longer holds of weights that are floats
  delete config.torch_dtype;
  delete config.quantization_config;
  return config;
}

const shardName = (i: number, count: number): string =>
  `model-${String(i + 1).padStart(5, "0")}-of-${String(count).padStart(5, "0")}.safetensors`;

function shardsOf(tensors: readonly WrittenTensor[]): WrittenTensor[][] {
  const shards: WrittenTensor[][] = [[]];
  let bytes = 0;
  for (const tensor of tensors) {
    if (bytes > 0 && bytes + tensor.bytes > SHARD_BYTES) {
      shards.push([]);
      bytes = 0;
    }
    shards[shards.length - 1].push(tensor);
    bytes += tensor.bytes;
  }
  return shards;
}

function written(
  { checkpoint, architecture }: Model,
  { name, shape }: TensorInfo,
  type: FloatType,
  signal: AbortSignal | undefined,
): WrittenTensor {
  const size = shape.reduce((product, dim) => product * dim, 1);
  const rows = shape.length > 1 ? shape[0] : 1;
  const columns = size / rows;
  const isTransposed = shape.length === 2 && isConv1D(name, architecture);
  // the whole of what lies transposed
  const atOnce = isTransposed ? rows : Math.max(1, Math.floor(PIECE / columns));
  return {
    name,
    dtype: type,
    shape: isTransposed ? shape.toReversed() : shape,
    bytes: size * bytesPerWeight[type],
    pieces: async function* () {
      const values = new Float32Array(Math.min(rows, atOnce) * columns);
      for (let from = 0; from < rows; from += atOnce) {
        signal?.throwIfAborted();
        const to = Math.min(rows, from + atOnce);
        const piece = values.subarray(0, (to - from) * columns);
        if (shape.length > 1) await checkpoint.read(name, piece, from, to);
        else await checkpoint.read(name, piece);
        yield encodeFloats(isTransposed ? transposed(piece, rows, columns) : piece, type);
      }
    },
  };
}

function transposed(values: Float32Array, rows: number, columns: number): Float32Array {
  const other = new Float32Array(values.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) other[column * rows + row] = values[row * columns + column];
  return other;
}
