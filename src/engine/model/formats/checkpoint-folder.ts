import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { ParamscopeError } from "../../errors";
import type { StoredCheckpoint, TensorInfo } from "../checkpoint";
import { ChunkBuffers } from "./chunks";
import { hubName, isConv1D, isMask } from "./hub-names";
import { quote } from "./quote";
import { RangeFile, readError } from "./range-file";
import { readSafetensorsHeader, type SafetensorsTensor } from "./safetensors-header";
import { SAFETENSORS_TYPES } from "./stored-types";
import { readTensor, rowCount, sampleStored, type TensorAccess } from "./tensor-access";

const SINGLE = "model.safetensors";
const INDEX = "model.safetensors.index.json";

/** config.json and tokenizer_config.json have some kilobytes; the index of the largest models some megabytes. */
const MAX_JSON_BYTES = 64 * 1024 * 1024;
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

  /** @throws ParamscopeError naming the file that is missing, damaged or of another kind. */
  static async open(path: string): Promise<CheckpointFolder> {
    const files: RangeFile[] = [];
    try {
      const entries = new Set(await listFolder(path));
      // Whoever names the folder of a GGUF file is told so, rather than that a config.json is missing.
      if (!entries.has("config.json") && [...entries].some((name) => name.endsWith(".gguf"))) {
        throw noWeights(path, entries);
      }
      const config = await readJson(join(path, "config.json"), "Name a folder that holds a Hugging Face model.");
      const modelType = typeof config.model_type === "string" ? config.model_type : "";
      const headers = await openFiles(path, entries, files);
      const names = headers.flatMap(({ tensors }) => [...tensors.keys()]);
      const access = new Map<string, TensorAccess>();
      for (const { file, tensors } of headers) {
        for (const tensor of tensors.values()) {
          if (isMask(tensor.name)) continue;
          const name = hubName(tensor.name, modelType, names);
          if (access.has(name)) {
            throw new ParamscopeError(
              `${path}: two files hold the tensor ${quote(name)}.`,
              "Download the model again.",
            );
          }
          access.set(name, accessTo(name, tensor, file, modelType));
        }
      }
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
  return new Map([...access].map(([key, { name, shape, type, bytes }]) => [key, { name, shape, type, bytes }]));
}

function accessTo(name: string, tensor: SafetensorsTensor, file: RangeFile, modelType: string): TensorAccess {
  const { bytes, offset, type } = tensor;
  const transposed = tensor.shape.length === 2 && isConv1D(name, modelType);
  const shape = transposed ? tensor.shape.toReversed() : tensor.shape;
  const rows = rowCount(tensor.shape);
  const weights = tensor.shape.reduce((product, size) => product * size, 1);
  const stored = {
    file,
    offset,
    // A type that is not read is refused when the tensor is asked for: masks and counters are often there unasked.
    type: SAFETENSORS_TYPES.get(type) ?? { name: type, weights: 1, bytes: weights ? bytes / weights : 0 },
    rows,
    columns: rows ? weights / rows : 0,
  };
  return { name, shape, type, bytes, stored, transposed };
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
  if (!entries.has(INDEX)) throw noWeights(folder, entries);

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
  const opened: OpenedFile[] = [];
  for (const [shard, wanted] of shards) {
    if (!entries.has(shard)) {
      throw new ParamscopeError(
        `${join(folder, shard)} is missing: the model has ${shards.size} shards.`,
        "Download the missing file into the folder.",
      );
    }
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

function noWeights(folder: string, names: ReadonlySet<string>): ParamscopeError {
  const entries = [...names];
  const pickle = entries.find((name) => /\.(bin|pt|pth|ckpt)$/.test(name) && !/^(training_args|optimizer)/.test(name));
  if (pickle !== undefined) {
    return new ParamscopeError(
      `${join(folder, pickle)} is a pickle file, which can run code when it is read and is not supported.`,
      "Get the model as safetensors, or convert it: transformers' save_pretrained writes safetensors.",
    );
  }
  const gguf = entries.find((name) => name.endsWith(".gguf"));
  if (gguf !== undefined) {
    return new ParamscopeError(`${folder} holds no ${SINGLE}.`, `Name the GGUF file itself: ${join(folder, gguf)}.`);
  }
  return new ParamscopeError(
    `${folder} holds neither ${SINGLE} nor ${INDEX}.`,
    "Name a folder that holds a Hugging Face model, or a .gguf file.",
  );
}

async function listFolder(path: string): Promise<string[]> {
  try {
    return await readdir(path);
  } catch (error) {
    throw readError(path, error);
  }
}

/** A JSON object from a file. @throws ParamscopeError */
export async function readJson(path: string, remedy: string): Promise<Record<string, unknown>> {
  let text: string;
  try {
    const { size } = await stat(path);
    if (size > MAX_JSON_BYTES) throw new ParamscopeError(`${path} is too large (${size} bytes).`, "Check the file.");
    text = await readFile(path, "utf8");
  } catch (error) {
    const { message, cause, remedy: own } = readError(path, error);
    throw new ParamscopeError(message, message.endsWith("does not exist.") ? remedy : own, { cause });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ParamscopeError(`${path} is not valid JSON.`, "Download the file again.", { cause: error });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new ParamscopeError(`${path} is not a JSON object.`, "Download the file again.");
  }
  return value as Record<string, unknown>;
}
