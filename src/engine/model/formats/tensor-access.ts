import { ParamscopeError } from "../../errors";
import type { TensorInfo } from "../checkpoint";
import type { ChunkBuffers } from "./chunks";
import { quote } from "./quote";
import {
  readReorderedRows,
  readRows,
  readTransposedRows,
  type RowOrder,
  type RowSource,
  type StoredMatrix,
  type WantedRows,
} from "./read-weights";
import { EXPAND } from "./expand";

/** A tensor of a checkpoint: what it is called there, and what has to be done to its bytes to get its values. */
export interface TensorAccess extends TensorInfo {
  readonly stored: StoredMatrix;
  /** The file holds `[in, out]`. */
  readonly transposed?: boolean;
  /** The file holds the rows (of a vector: the values) in another order. */
  readonly order?: RowOrder;
  /** The file holds the value plus this. */
  readonly added?: number;
}

/** `Checkpoint.read` for tensors of both formats. */
export async function readTensor(
  tensor: TensorAccess,
  buffers: ChunkBuffers,
  out: Float32Array,
  from = 0,
  to = rowCount(tensor.shape),
): Promise<void> {
  const { stored, order, added } = tensor;
  const rows = rowCount(tensor.shape);
  const columns = rows === 0 ? 0 : tensor.shape.reduce((product, size) => product * size, 1) / rows;
  if (!(from >= 0 && from <= to && to <= rows)) throw new RangeError(`${tensor.name} has no rows ${from} to ${to}`);
  if (out.length < (to - from) * columns) throw new RangeError(`no room for rows ${from} to ${to} of ${tensor.name}`);
  const expand = EXPAND[stored.type.name];
  if (!expand) {
    throw new ParamscopeError(
      `${stored.file.path}: the tensor ${quote(tensor.name)} has the type ${stored.type.name}, which is not supported.`,
      "Use a model whose weights are F32, F16 or BF16.",
    );
  }
  if (from === to) return;

  const source: RowSource = { matrix: stored, expand, buffers };
  const wanted: WantedRows = { from, to, out };
  let finite: boolean;
  if (tensor.transposed) finite = await readTransposedRows(source, wanted);
  else if (order && tensor.shape.length > 1) finite = await readReorderedRows(source, wanted, order);
  else finite = await readRows(source, wanted);

  if (order && tensor.shape.length === 1) {
    const inFileOrder = out.slice(0, columns);
    for (let i = 0; i < columns; i++) out[i] = inFileOrder[order(i)]!;
  }
  if (added !== undefined) {
    for (let i = 0; i < (to - from) * columns; i++) out[i]! -= added;
  }
  if (!finite) {
    throw new ParamscopeError(
      `${stored.file.path}: the tensor ${quote(tensor.name)} holds NaN or infinite values.`,
      "The file is damaged, or training diverged: download or convert the model again.",
    );
  }
}

/** `StoredCheckpoint.sampleStored` for tensors of both formats. */
export function sampleStored({ stored }: TensorAccess, offsets: readonly number[], into: Uint8Array): void {
  const length = into.length / offsets.length;
  offsets.forEach((offset, i) => {
    stored.file.readNow(into.subarray(i * length, (i + 1) * length), stored.offset + offset);
  });
  stored.file.assertUnchanged();
}

/** How many rows a tensor of that shape has; a vector is one. */
export function rowCount(shape: readonly number[]): number {
  const [rows = 1, ...others] = shape;
  return others.length > 0 ? rows : 1;
}
