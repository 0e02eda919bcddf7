import { join } from "node:path";
import { ParamscopeError } from "../../errors";
import { plural } from "../../numbers/plural";
import { otherKind } from "../architectures/other-kinds";
import type { StoredCheckpoint, TensorInfo } from "../checkpoint";
import { ChunkBuffers } from "./chunks";
import { hubName, isConv1D, takesNoPart } from "./hub-names";
import { quote } from "./quote";
import { INDEX, SINGLE } from "./other-models";
import { RangeFile } from "./range-file";
import { readJson } from "./read-json";
import { readSafetensorsHeader, type SafetensorsTensor } from "./safetensors-header";
import { SAFETENSORS_TYPES } from "./stored-types";
import { decodedMatrices } from "./quantized/schemes";
import type { StoredTensor, StoredTensors } from "./quantized/stored";
import { stackOf, unstacked } from "./stacked-experts";
import { accessTo, readTensor, rowCount, sampleStored, type TensorAccess } from "./tensor-access";

/** The largest open models come in fewer than 200 shards; each one is a file that is held open. */
const MAX_SHARDS = 1000;

/** A Hugging Face model folder: config.json, and safetensors in one file or in shards. */
export class CheckpointFolder implements StoredCheckpoint {
  readonly format = "safetensors";
  readonly tensors: ReadonlyMap<string, TensorInfo>;
  readonly #buffers = new ChunkBuffers();
  readonly #access: ReadonlyMap<string, TensorAccess>;
  readonly #files: readonly RangeFile[];

  private constructor(
    readonly path: string,
    readonly config: Readonly<Record<string, unknown>>,
    access: ReadonlyMap<string, TensorAccess>,
    files: readonly RangeFile[],
  ) {
    this.tensors = infos(access);
    this.#access = access;
    this.#files = files;
  }

  /**
   * @param entries the names in the folder: config.json, and weights in one file or an index of them
   * @throws ParamscopeError naming the file that is missing, damaged or of another kind.
   */
  static async open(path: string, entries: ReadonlySet<string>): Promise<CheckpointFolder> {
    const files: RangeFile[] = [];
    try {
      const config = await readJson(join(path, "config.json"), "Name a folder that holds a Hugging Face model.");
      const modelType = typeof config.model_type === "string" ? config.model_type : "";
      const other = otherKind(modelType);
      if (other !== undefined && entries.has("modules.json"))
        throw new ParamscopeError(
          `${path} is a model of sentence embeddings (sentence-transformers): ${other} ('${quote(modelType)}'), which does not go on with a text.`,
          "Use a model for causal language modelling.",
        );
      const headers = await openFiles(path, entries, files);
      const stored = new Map<string, StoredTensor>();
      for (const { file, tensors } of headers)
        for (const tensor of tensors.values()) {
          if (takesNoPart(tensor.name)) continue;
          if (stored.has(tensor.name)) throw inTwoFiles(path, tensor.name);
          stored.set(tensor.name, { ...tensor, file });
        }
      const access = await accessToAll(path, config, stored);
      return new CheckpointFolder(path, config, access, files);
    } catch (error) {
      await Promise.all(files.map((file) => file.close()));
      throw error;
    }
  }

  async read(name: string, out: Float32Array, from?: number, to?: number): Promise<void> {
    const tensor = this.#access.get(name);
    if (!tensor) throw missingTensor(this.path, name);
    await readTensor(tensor, this.#buffers, out, from, to);
  }

  sampleStored(name: string, offsets: readonly number[], into: Uint8Array): void {
    const tensor = this.#access.get(name);
    if (!tensor) throw missingTensor(this.path, name);
    sampleStored(tensor, offsets, into);
  }

  async close(): Promise<void> {
    await Promise.all(this.#files.map((file) => file.close()));
  }
}

/** The error for a tensor that a checkpoint has not. */
export function missingTensor(path: string, name: string): ParamscopeError {
  return new ParamscopeError(
    `${path} has no tensor ${quote(name)}.`,
    "The model is incomplete, or its config.json is another model's: download it again.",
  );
}

/** The descriptions of tensors, without how they are read. */
export function infos(access: ReadonlyMap<string, TensorAccess>): Map<string, TensorInfo> {
  return new Map(
    [...access].map(([key, { name, shape, type, bytes, stack }]) => [
      key,
      { name, shape, type, bytes, ...(stack && { stack }) },
    ]),
  );
}

/** Every tensor under the name that it has in the dense model's checkpoint, quantized ones as one matrix. */
async function accessToAll(
  path: string,
  config: Readonly<Record<string, unknown>>,
  stored: StoredTensors,
): Promise<Map<string, TensorAccess>> {
  const modelType = typeof config.model_type === "string" ? config.model_type : "";
  const { matrices, unused = [] } = await decodedMatrices(path, config, stored);
  const taken = new Set([...unused, ...[...matrices.values()].flatMap(({ parts }) => parts.map(({ name }) => name))]);
  const names = [...stored.keys()];
  const access = new Map<string, TensorAccess>();
  const add = (tensor: TensorAccess): void => {
    if (access.has(tensor.name)) throw inTwoFiles(path, tensor.name);
    access.set(tensor.name, tensor);
  };
  for (const tensor of stored.values())
    if (!taken.has(tensor.name)) plainAccess(hubName(tensor.name, modelType, names), tensor, modelType).forEach(add);
  for (const [storedName, { shape, type, parts, read, stack }] of matrices) {
    const bytes = parts.reduce((sum, part) => sum + part.bytes, 0);
    add({ name: hubName(storedName, modelType, names), shape, type, bytes, parts, read, ...(stack && { stack }) });
  }
  return access;
}

function inTwoFiles(path: string, name: string): ParamscopeError {
  return new ParamscopeError(`${path}: two files hold the tensor ${quote(name)}.`, "Download the model again.");
}

/** A stored tensor as one, or as one for each expert. */
function plainAccess(name: string, tensor: StoredTensor, modelType: string): TensorAccess[] {
  const { bytes, offset, type, file } = tensor;
  const transposed = tensor.shape.length === 2 && isConv1D(name, modelType);
  const shape = transposed ? tensor.shape.toReversed() : tensor.shape;
  const rows = rowCount(tensor.shape);
  const weights = tensor.shape.reduce((product, size) => product * size, 1);
  const matrix = {
    file,
    offset,
    // A type that is not read is refused when the tensor is asked for: masks and counters are often there unasked.
    type: SAFETENSORS_TYPES.get(type) ?? { name: type, weights: 1, bytes: weights ? bytes / weights : 0 },
    rows,
    columns: rows ? weights / rows : 0,
  };
  const stack = stackOf(name, modelType);
  if (stack !== undefined) return unstacked(name, stack, tensor.shape, matrix);
  return [accessTo({ name, shape, type, bytes }, matrix, { transposed })];
}

interface OpenedFile {
  readonly file: RangeFile;
  readonly tensors: ReadonlyMap<string, SafetensorsTensor>;
}

/** Opens the one file, or the shards that the index names, and leaves them in `files` for closing. */
async function openFiles(folder: string, entries: ReadonlySet<string>, files: RangeFile[]): Promise<OpenedFile[]> {
  const openOne = async (name: string): Promise<OpenedFile> => {
    const file = await RangeFile.open(join(folder, name));
    files.push(file);
    return { file, tensors: await readSafetensorsHeader(file) };
  };
  if (entries.has(SINGLE)) return [await openOne(SINGLE)];

  const indexPath = join(folder, INDEX);
  const { weight_map: weightMap } = await readJson(indexPath, "Download the file again.");
  if (typeof weightMap !== "object" || weightMap === null || Array.isArray(weightMap)) {
    throw new ParamscopeError(`${indexPath} has no weight_map.`, "Download the file again.");
  }
  const shards = new Map<string, string[]>();
  for (const [tensor, shard] of Object.entries(weightMap)) {
    // A shard is a file of this folder: a path would lead out of it.
    if (typeof shard !== "string" || !/^[^/\\]+\.safetensors$/.test(shard)) {
      throw new ParamscopeError(
        `${indexPath} names ${quote(String(shard))} as a file of the model.`,
        "Download the file again.",
      );
    }
    const tensors = shards.get(shard);
    if (tensors) tensors.push(tensor);
    else shards.set(shard, [tensor]);
  }
  if (shards.size > MAX_SHARDS) {
    throw new ParamscopeError(`${indexPath} names ${shards.size} shards, more than ${MAX_SHARDS}.`, "Check the file.");
  }
  const missing = [...shards.keys()].filter((shard) => !entries.has(shard)).sort();
  if (missing.length > 0) throw missingShards(folder, missing, shards.size);
  const opened: OpenedFile[] = [];
  for (const [shard, wanted] of shards) {
    const one = await openOne(shard);
    const lacking = wanted.find((tensor) => !one.tensors.has(tensor));
    if (lacking !== undefined) {
      throw new ParamscopeError(
        `${join(folder, shard)} lacks the tensor ${quote(lacking)} that ${INDEX} promises.`,
        "The files are of different models or versions: download all of them again.",
      );
    }
    const here = new Set(wanted);
    opened.push({ file: one.file, tensors: new Map([...one.tensors].filter(([name]) => here.has(name))) });
  }
  return opened;
}

function missingShards(folder: string, missing: readonly string[], count: number): ParamscopeError {
  const names = missing.slice(0, 4).map((name) => quote(name));
  const more = missing.length > names.length ? ` and ${missing.length - names.length} more` : "";
  return new ParamscopeError(
    `${folder} lacks ${missing.length} of the model's ${count} shards: ${names.join(", ")}${more}.`,
    `Download the missing ${plural(missing.length, "file", "files")} into the folder.`,
  );
}
