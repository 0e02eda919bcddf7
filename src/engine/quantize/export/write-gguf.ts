import { lstat, stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { ParamscopeError } from "../../errors";
import { refuseWithoutRoom } from "../../free-space";
import { GgufCheckpoint } from "../../model/formats/gguf-checkpoint";
import { storedValue, text, uint32 } from "../../model/formats/gguf-values";
import { modelFiles } from "../../model/formats/model-files";
import type { Model } from "../../model/model";
import { bytesOf, dividesRows, FORMATS, type FormatName } from "../formats";
import { chunksOf, type Imatrix } from "../imatrix/imatrix";
import { quantizer } from "../quantizer";
import { writeGgufFile, type WrittenGgufTensor } from "./gguf-file";
import { columnsOf, rowsOf, type GgufPlan, type PlannedTensor } from "./plan";
import { planFromGguf } from "./plan-from-gguf";
import { describedHub, planFromHub } from "./plan-from-hub";

/** Weights that are read, quantised and written at a time. */
const PIECE = 2 ** 20;

/**
 * What a model's GGUF file holds before formats are chosen: of a model that is one, what it holds; of a Hugging Face folder, what llama.cpp's
 * own converter writes.
 * @throws ParamscopeError naming what of a folder such a file cannot say.
 */
export function planGguf(model: Model): Promise<GgufPlan> {
  const { checkpoint } = model;
  return checkpoint instanceof GgufCheckpoint ? planFromGguf(checkpoint) : planFromHub(model);
}

/** The tensors of such a file alone, without its metadata. @throws ParamscopeError as `planGguf` does. */
export async function ggufTensors(model: Model): Promise<readonly PlannedTensor[]> {
  const { checkpoint } = model;
  const { tensors } = await (checkpoint instanceof GgufCheckpoint ? planFromGguf(checkpoint) : describedHub(model));
  return tensors;
}

export interface GgufChoices {
  /** The format of a tensor that may be quantised; undefined: as it is. Rows have to be whole blocks of it. */
  readonly formatOf: (tensor: PlannedTensor) => FormatName | undefined;
  /**
   * How much the squared error of each column counts, as the file has columns; of tensors in which matrices stand one behind another each
   * one's. undefined: all alike.
   */
  readonly importanceOf?: (tensor: PlannedTensor) => Float32Array | undefined;
  /** What that importance was made of, which the file is to say; its name where it is a file. */
  readonly imatrix?: { readonly name?: string | undefined; readonly imatrix: Imatrix };
  readonly signal?: AbortSignal | undefined;
  /** @param written of all bytes of tensors, so many. */
  readonly onProgress?: (written: number, of: number) => void;
}

/**
 * Writes a model as a GGUF file that llama.cpp loads. What keeps its type is copied; nothing else is ever whole in memory but one matrix. The
 * file is never half there.
 * @returns its size in bytes.
 * @throws ParamscopeError where it cannot be read or written.
 */
export async function writeGguf(path: string, plan: GgufPlan, choices: GgufChoices): Promise<number> {
  const tensors = plan.tensors.map((tensor) => chosen(tensor, choices));
  const all = tensors.reduce((sum, { bytes }) => sum + bytes, 0);
  let written = 0;
  await refuseWithoutRoom([{ path, bytes: all }]);
  return await writeGgufFile(path, {
    ...plan,
    entries: new Map([...plan.entries, ...ofQuantization(tensors), ...ofImportance(choices.imatrix)]),
    tensors: tensors.map((tensor) => ({
      ...tensor,
      pieces: async function* () {
        for await (const piece of tensor.pieces()) {
          choices.signal?.throwIfAborted();
          yield piece;
          written += piece.length;
          choices.onProgress?.(written, all);
        }
      },
    })),
  });
}

/** The bytes of all tensors, in the formats that they are in unless one chooses: what such a file takes but for its header. */
export function usualBytes(tensors: readonly PlannedTensor[]): number {
  return tensors.reduce((sum, tensor) => sum + chosen(tensor, { formatOf: () => undefined }).bytes, 0);
}

/**
 * Whether a file can be written, before the work is done that would fill it.
 * @param models paths of models that are read.
 * @throws ParamscopeError where it is there and may not be replaced: never where it is of a model that is read.
 */
export async function checkGgufOutput(path: string, models: readonly string[], force: boolean): Promise<void> {
  if (!(await stat(dirname(path)).catch(() => undefined))?.isDirectory())
    throw new ParamscopeError(`The folder ${dirname(path)} does not exist.`, "Create it, or name another one.");
  if ((await lstat(path).catch(() => undefined)) === undefined) return;
  for (const model of models) await refuseFileOf(model, path);
  if (!(await stat(path).catch(() => undefined))?.isFile())
    throw new ParamscopeError(`${path} is no file.`, "Name another one.");
  if (!force)
    throw new ParamscopeError(`${path} is there already.`, "Name another file, or have this one replaced.", {
      settings: ["force"],
    });
}

/** By whatever name it goes. */
async function refuseFileOf(model: string, path: string): Promise<void> {
  const status = await stat(path).catch(() => undefined);
  for (const file of await modelFiles(model)) {
    const other = await stat(file).catch(() => undefined);
    if (status !== undefined && other?.ino === status.ino && other.dev === status.dev)
      throw new ParamscopeError(`${path} is the model that is read: it is not replaced.`, "Name another file.");
  }
}

function chosen(tensor: PlannedTensor, choices: GgufChoices): WrittenGgufTensor {
  const format = (tensor.isQuantized ? choices.formatOf(tensor) : undefined) ?? tensor.usual;
  const { name, dimensions, type, stored } = tensor;
  if (stored !== undefined && format === type)
    return { name, dimensions, type, bytes: stored.bytes, pieces: () => copied(stored) };
  const known = FORMATS.find((one) => one.name === format)?.name;
  const columns = columnsOf(tensor);
  if (known === undefined || !dividesRows(known, columns))
    throw new Error(`rows of ${columns} weights are no whole blocks of ${format} (${name})`);
  return {
    name,
    dimensions,
    type: format,
    bytes: bytesOf(known, columns * rowsOf(tensor)),
    pieces: () => quantized(tensor, known, choices.importanceOf?.(tensor)),
  };
}

async function* copied({ file, offset, bytes }: NonNullable<PlannedTensor["stored"]>): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes; at += 4 * PIECE) {
    const piece = new Uint8Array(Math.min(4 * PIECE, bytes - at));
    await file.read(piece, offset + at);
    yield piece;
  }
}

/** Rows of one matrix at a time where each has its own importance. */
async function* quantized(
  tensor: PlannedTensor,
  format: FormatName,
  importance: Float32Array | undefined,
): AsyncIterable<Uint8Array> {
  const [columns, rows] = [columnsOf(tensor), rowsOf(tensor)];
  const matrices = importance === undefined ? 1 : importance.length / columns;
  const rowsEach = rows / matrices;
  if (!Number.isInteger(rowsEach))
    throw new Error(`there is importance for ${importance?.length} columns of ${tensor.name}`);
  const atOnce = Math.max(1, Math.floor(PIECE / columns));
  const { quantize } = quantizer(format);
  const values = new Float32Array(Math.min(atOnce, rowsEach) * columns);
  for (let matrix = 0; matrix < matrices; matrix++) {
    const own = importance?.subarray(matrix * columns, (matrix + 1) * columns);
    const end = (matrix + 1) * rowsEach;
    for (let from = matrix * rowsEach; from < end; from += atOnce) {
      const to = Math.min(end, from + atOnce);
      await tensor.read(values, from, to);
      yield quantize(values.subarray(0, (to - from) * columns), columns, own);
    }
  }
}

/** llama.cpp's numbers of file types (`enum llama_ftype`), by the format that most weights have: of several the usual one. */
const FILE_TYPES: Partial<Record<string, number>> = {
  F32: 0,
  F16: 1,
  Q4_0: 2,
  Q4_1: 3,
  Q8_0: 7,
  Q5_0: 8,
  Q5_1: 9,
  Q2_K: 10,
  Q3_K: 12,
  Q4_K: 15,
  Q5_K: 17,
  Q6_K: 18,
  IQ4_NL: 25,
  IQ4_XS: 30,
  BF16: 32,
};

/** `GGML_QNT_VERSION` */
const QUANTIZATION_VERSION = 2;

/** What llama.cpp's quantiser writes of its work: the format that most weights have. Of a format that is not ours to write nothing is said. */
function ofQuantization(tensors: readonly WrittenGgufTensor[]): [key: string, stored: Uint8Array][] {
  const weights = new Map<string, number>();
  for (const { type, dimensions } of tensors)
    if (dimensions.length > 1) weights.set(type, (weights.get(type) ?? 0) + dimensions.reduce((a, b) => a * b, 1));
  const [most] = [...weights].reduce((one, other) => (other[1] > one[1] ? other : one), ["F32", 0]);
  const fileType = FILE_TYPES[most];
  return [
    ["general.quantization_version", storedValue(uint32(QUANTIZATION_VERSION))],
    ...(fileType === undefined ? [] : [["general.file_type", storedValue(uint32(fileType))] as [string, Uint8Array]]),
  ];
}

/** What `llama-quantize --imatrix` writes of it. */
function ofImportance(of: GgufChoices["imatrix"]): [key: string, stored: Uint8Array][] {
  if (of === undefined) return [];
  const { name, imatrix } = of;
  const [dataset] = imatrix.datasets;
  return [
    ...(name === undefined ? [] : ([["file", text(basename(name))]] as const)),
    ...(dataset === undefined ? [] : ([["dataset", text(basename(dataset))]] as const)),
    ["entries_count", uint32(imatrix.entries.size)] as const,
    ["chunks_count", uint32(chunksOf(imatrix))] as const,
  ].map(([key, value]) => [`quantize.imatrix.${key}`, storedValue(value)]);
}
