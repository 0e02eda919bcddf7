import { ParamscopeError } from "../../errors";
import type { TensorInfo } from "../checkpoint";
import type { ChunkBuffers } from "./chunks";
import { areFinite, EXPAND } from "./expand";
import { quote } from "./quote";
import type { RangeFile } from "./range-file";
import {
  readReorderedRows,
  readRows,
  readTransposedRows,
  type RowOrder,
  type RowSource,
  type StoredMatrix,
  type WantedRows,
} from "./read-weights";

/** Where something lies in a file. */
export interface StoredBytes {
  readonly file: RangeFile;
  readonly offset: number;
  readonly bytes: number;
}

/** Reads rows of a tensor as float32, and returns whether all of them are finite. */
export type RowReader = (wanted: WantedRows, buffers: ChunkBuffers) => Promise<boolean>;

/** A tensor of a checkpoint: what it is called there, and how its values are had from what is stored. */
export interface TensorAccess extends TensorInfo {
  /** What is stored of it: more than one part where it is quantized and its scales are tensors of their own. */
  readonly parts: readonly StoredBytes[];
  readonly read: RowReader;
}

/** How a tensor that is stored as one matrix differs from what it is in a Hugging Face checkpoint. */
export interface Departures {
  /** The file holds `[in, out]`. */
  readonly transposed?: boolean;
  /** The file holds the rows (of a vector: the values) in another order. */
  readonly order?: RowOrder;
  /** The file holds the values of each row in another order. */
  readonly columnOrder?: RowOrder;
  /** The file holds the value plus this. */
  readonly added?: number;
  /** From what the file holds to the value, and back. */
  readonly undone?: { readonly read: (stored: number) => number; readonly write: (value: number) => number };
}

/** A tensor that is stored as one matrix of one type. */
export function accessTo(info: TensorInfo, stored: StoredMatrix, departures: Departures = {}): TensorAccess {
  const { file, offset } = stored;
  return {
    ...info,
    parts: [{ file, offset, bytes: info.bytes }],
    read: (wanted, buffers) => readStored(info, stored, departures, wanted, buffers),
  };
}

async function readStored(
  { name, shape }: TensorInfo,
  stored: StoredMatrix,
  { transposed, order, columnOrder, added, undone }: Departures,
  wanted: WantedRows,
  buffers: ChunkBuffers,
): Promise<boolean> {
  const expand = EXPAND[stored.type.name];
  if (!expand) {
    throw new ParamscopeError(
      `${stored.file.path}: the tensor ${quote(name)} has the type ${stored.type.name}, which is not supported.`,
      "Use a model whose weights are F32, F16 or BF16.",
    );
  }
  const { from, to, out } = wanted;
  if (from === to) return true;
  const source: RowSource = { matrix: stored, expand, buffers };
  const isVector = shape.length === 1;
  let finite: boolean;
  if (transposed) finite = await readTransposedRows(source, wanted);
  else if (order && !isVector) finite = await readReorderedRows(source, wanted, order);
  else finite = await readRows(source, wanted);

  const columns = columnCount(shape);
  const count = (to - from) * columns;
  const inRows = isVector ? order : columnOrder;
  if (inRows)
    for (let start = 0; start < count; start += columns) reorder(out.subarray(start, start + columns), inRows);
  if (added !== undefined) for (let i = 0; i < count; i++) out[i]! -= added;
  if (undone === undefined) return finite;
  for (let i = 0; i < count; i++) out[i] = undone.read(out[i]!);
  return finite && areFinite(out, 0, count);
}

function reorder(values: Float32Array, order: RowOrder): void {
  const inFileOrder = values.slice();
  for (let i = 0; i < values.length; i++) values[i] = inFileOrder[order(i)]!;
}

/** `Checkpoint.read` for tensors of all formats. */
export async function readTensor(
  tensor: TensorAccess,
  buffers: ChunkBuffers,
  out: Float32Array,
  from = 0,
  to = rowCount(tensor.shape),
): Promise<void> {
  const rows = rowCount(tensor.shape);
  if (!(from >= 0 && from <= to && to <= rows)) throw new RangeError(`${tensor.name} has no rows ${from} to ${to}`);
  if (out.length < (to - from) * columnCount(tensor.shape))
    throw new RangeError(`no room for rows ${from} to ${to} of ${tensor.name}`);
  const finite = await tensor.read({ from, to, out }, buffers);
  if (!finite) {
    throw new ParamscopeError(
      `${tensor.parts[0]?.file.path ?? ""}: the tensor ${quote(tensor.name)} holds NaN or infinite values.`,
      "The file is damaged, or training diverged: download or convert the model again.",
    );
  }
}

/** `StoredCheckpoint.sampleStored` for tensors of all formats: their parts one behind the other. */
export function sampleStored({ parts }: TensorAccess, offsets: readonly number[], into: Uint8Array): void {
  const length = into.length / offsets.length;
  offsets.forEach((offset, i) => {
    let start = 0;
    for (const { file, offset: at, bytes } of parts) {
      const [from, to] = [Math.max(offset, start), Math.min(offset + length, start + bytes)];
      if (from < to)
        file.readNow(into.subarray(i * length + from - offset, i * length + to - offset), at + from - start);
      start += bytes;
    }
  });
  for (const file of new Set(parts.map((part) => part.file))) file.assertUnchanged();
}

/** How many rows a tensor of that shape has; a vector is one. */
export function rowCount(shape: readonly number[]): number {
  const [rows = 1, ...others] = shape;
  return others.length > 0 ? rows : 1;
}

/** How many values a row of it has. */
export function columnCount(shape: readonly number[]): number {
  const rows = rowCount(shape);
  return rows === 0 ? 0 : shape.reduce((product, size) => product * size, 1) / rows;
}
