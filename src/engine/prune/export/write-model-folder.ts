import { copyFile, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ExportTarget } from "../../api";
import { refuseWithoutRoom } from "../../free-space";
import type { TensorInfo } from "../../model/checkpoint";
import { GgufCheckpoint } from "../../model/formats/gguf-checkpoint";
import { isConv1D } from "../../model/formats/hub-names";
import { isOfModel } from "../../model/formats/model-files";
import { elementAt } from "../../numbers/elements";
import { QUANTIZATION_KEYS } from "../../model/formats/quantized/schemes";
import type { Model } from "../../model/model";
import { hubFilesOfGguf } from "../../model/tokenizer/gguf-tokenizer-json";
import { bytesPerWeight, encodeFloats, isFloatType, type FloatType } from "./encode-floats";
import { withoutKey, withValue } from "./json-text";
import { writeSafetensors, type WrittenTensor } from "./safetensors-writer";
import { writeWholeFolder } from "./whole-folder";

/** The weights that are read and written at a time. */
const PIECE = 2 ** 22;
/** Files of a model are at most about this large, as transformers writes them. */
const SHARD_BYTES = 5e9;
/** The files that stand beside the weights in a Hugging Face folder, and are the same for the pruned model. */
const COPIED =
  /^(tokenizer(_config)?\.json|tokenizer\.model|special_tokens_map\.json|added_tokens\.json|vocab\.json|merges\.txt|chat_template\.(jinja|json)|generation_config\.json)$/;

/** What was written of a model. */
export interface WrittenFolder {
  readonly bytes: number;
  /** A sentence on each file that was left out. */
  readonly notes: readonly string[];
}

/** Tensors that are written as one each: those of all experts where the first stands. */
export function writtenApart({ checkpoint }: Model): TensorInfo[] {
  return [...checkpoint.tensors.values()].filter(({ stack }) => stack === undefined || stack.expert === 0);
}

/** The bytes of tensors. */
export function bytesOf(tensors: readonly WrittenTensor[]): number {
  return tensors.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** The type that a configuration says of a model, where tensors are written in those. */
export function typeOfAll(types: Iterable<FloatType>): FloatType {
  const [only = "F32", ...others] = new Set(types);
  return others.length === 0 ? only : "F32";
}

/**
 * Writes a model as transformers loads it: safetensors, config.json and the tokenizer, that of a GGUF file written anew.
 * @param dense the model that it was made of.
 * @throws ParamscopeError when the folder cannot be written, or is there; the signal's reason when aborted.
 */
export async function writeModelFolder(
  model: Model,
  dense: Model,
  target: ExportTarget,
  { tensors, type }: { readonly tensors: readonly WrittenTensor[]; readonly type: FloatType },
): Promise<WrittenFolder> {
  const { checkpoint } = model;
  const shards = shardsOf(tensors);
  let bytes = 0;
  await refuseWithoutRoom([{ path: target.folder, bytes: bytesOf(tensors) }]);
  const notes: string[] = [];
  await writeWholeFolder(target, async (folder) => {
    const files: string[] = [];
    const weightMap: Record<string, string> = {};
    for (const [i, shard] of shards.entries()) {
      const file = shards.length === 1 ? "model.safetensors" : shardName(i, shards.length);
      bytes += await writeSafetensors(join(folder, file), shard, { format: "pt" });
      files.push(file);
      for (const { name } of shard) weightMap[name] = file;
    }
    const text = async (file: string, content: string): Promise<void> => {
      await writeFile(join(folder, file), content);
      files.push(file);
    };
    const json = (file: string, content: unknown): Promise<void> => text(file, `${JSON.stringify(content, null, 2)}\n`);
    if (shards.length > 1)
      await json("model.safetensors.index.json", { metadata: { total_size: bytes }, weight_map: weightMap });
    await text("config.json", await configText(model, dense, type));
    if (checkpoint.format === "safetensors")
      for (const file of (await readdir(checkpoint.path)).filter((name) => COPIED.test(name))) {
        if (!(await isOfModel(checkpoint.path, file))) {
          notes.push(`${file} is a link that leads out of the model's folder: it was not copied.`);
          continue;
        }
        await copyFile(join(checkpoint.path, file), join(folder, file));
        files.push(file);
      }
    if (dense.checkpoint instanceof GgufCheckpoint)
      for (const [file, content] of Object.entries(hubFilesOfGguf(dense.checkpoint.metadata, dense.tokenizer)))
        await json(file, content);
    return files;
  });
  if (hasOtherSenses(checkpoint.config))
    notes.push("The model reads more than text: what it reads pictures or sounds with was not exported.");
  return { bytes, notes };
}

/** Whether a model is one for pictures or sounds, of which the text model alone is open. */
function hasOtherSenses({ vision_config: sees, audio_config: hears }: Readonly<Record<string, unknown>>): boolean {
  return [sees, hears].some((part) => part !== undefined && part !== null);
}

/** What a tensor is written as where its values are as they were. */
export const storedType = ({ type }: TensorInfo): FloatType => (isFloatType(type) ? type : "F32");

const dtypes: Readonly<Record<FloatType, string>> = { F32: "float32", F16: "float16", BF16: "bfloat16" };

/** What a GGUF file's metadata give without a decimal point, and transformers takes for no number of its kind then. */
const FLOATS =
  /("(?:rope_theta|factor|beta_fast|beta_slow|attention_factor|partial_rotary_factor|mscale|mscale_all_dim|routed_scaling_factor|logit_scale|clip_qkv|\w*_softcapping|\w*norm_eps\w*)": -?\d+)(?=,?$)/gm;

/**
 * The configuration, which says what transformers loads weights as. That of a folder is its own text but for that, and for what the model's says otherwise
 * than the dense one's: read and written again, `30.0` would be `30`.
 */
async function configText({ checkpoint }: Model, dense: Model, type: FloatType): Promise<string> {
  const dtype = dtypes[type];
  if (checkpoint.format === "gguf")
    return `${JSON.stringify({ ...checkpoint.config, dtype }, null, 2).replace(FLOATS, "$1.0")}\n`;
  const written = await readFile(join(checkpoint.path, "config.json"), "utf8");
  // what was quantized is written dense
  const dequantized = QUANTIZATION_KEYS.reduce(withoutKey, written);
  const { config } = dense.checkpoint;
  const text = Object.entries(checkpoint.config)
    .filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(config[key]))
    .reduce((sofar, [key, value]) => withValue(sofar, key, value), dequantized);
  const named = /("(?:torch_)?dtype"\s*:\s*)(?:"[^"]*"|null)/g;
  const changed = text.replace(named, `$1"${dtype}"`);
  return named.test(text) ? changed : text.replace("{", `{\n  "dtype": "${dtype}",`);
}

export interface StoredTensor extends WrittenTensor {
  readonly pieces: () => AsyncGenerator<Uint8Array, void, void>;
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
    shards.at(-1)?.push(tensor);
    bytes += tensor.bytes;
  }
  return shards;
}

/** The tensor of a model as the file holds it, all of a stack where it is the first of one; what its pieces give stays as it is until the next is asked for. */
export function stored(
  model: Model,
  tensor: TensorInfo,
  type: FloatType,
  signal: AbortSignal | undefined,
): StoredTensor {
  const { stack } = tensor;
  if (stack === undefined) return storedAlone(model, tensor, { type, turned: false }, signal);
  const others = [...model.checkpoint.tensors.values()].filter((other) => other.stack?.name === stack.name);
  const parts = others
    .sort((a, b) => (a.stack?.expert ?? 0) - (b.stack?.expert ?? 0))
    .map((one) => storedAlone(model, one, { type, turned: stack.transposed }, signal));
  return {
    name: stack.name,
    dtype: type,
    shape: [parts.length, ...elementAt(parts, 0).shape],
    bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0),
    pieces: async function* (): AsyncGenerator<Uint8Array, void, void> {
      for (const part of parts) yield* part.pieces();
    },
  };
}

/** A tensor that is written as one; `turned`: the other way round. */
function storedAlone(
  { checkpoint, architecture }: Model,
  { name, shape }: TensorInfo,
  { type, turned }: { readonly type: FloatType; readonly turned: boolean },
  signal: AbortSignal | undefined,
): StoredTensor {
  const size = shape.reduce((product, dim) => product * dim, 1);
  const [first = 1] = shape;
  const rows = shape.length > 1 ? first : 1;
  const columns = size / rows;
  const isTransposed = shape.length === 2 && (turned || isConv1D(name, architecture));
  // the whole of what lies transposed
  const atOnce = isTransposed ? rows : Math.max(1, Math.floor(PIECE / columns));
  return {
    name,
    dtype: type,
    shape: isTransposed ? shape.toReversed() : shape,
    bytes: size * bytesPerWeight[type],
    pieces: async function* (): AsyncGenerator<Uint8Array, void, void> {
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
    for (let column = 0; column < columns; column++) other[column * rows + row] = values[row * columns + column] ?? 0;
  return other;
}
