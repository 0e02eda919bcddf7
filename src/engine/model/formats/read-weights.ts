import type { ChunkBuffers } from "./chunks";
import { forEachChunk } from "./chunks";
import { areFinite, EXPAND } from "./expand";
import type { RangeFile } from "./range-file";
import type { StoredType } from "./stored-types";

/** Where a matrix lies in a file: `rows` rows of `columns` weights, one after the other. */
export interface StoredMatrix {
  readonly file: RangeFile;
  readonly offset: number;
  readonly type: StoredType;
  readonly rows: number;
  readonly columns: number;
}

/** For a row of the Hugging Face checkpoint, the row of the file that holds it. */
export type RowOrder = (row: number) => number;

/** Rows between two wanted ones are read along when they take no more than this: one read is cheaper than two. */
const MAX_GAP_BYTES = 64 * 1024;
/** One read call takes at most 2 GiB − 4 KiB on Linux; float32 is read without a buffer, in pieces of this. */
const MAX_READ_BYTES = 1024 * 1024 * 1024;

/** Rows `[from, to)` as float32 into the start of `out`. Returns whether all of them are finite. */
export async function readRows(
  matrix: StoredMatrix,
  buffers: ChunkBuffers,
  out: Float32Array,
  from: number,
  to: number,
): Promise<boolean> {
  const { file, type, columns } = matrix;
  const weights = (to - from) * columns;
  const offset = matrix.offset + (from * columns * type.bytes) / type.weights;
  if (type.name === "F32") {
    const bytes = new Uint8Array(out.buffer, out.byteOffset, 4 * weights);
    for (let at = 0; at < bytes.byteLength; at += MAX_READ_BYTES) {
      await file.read(bytes.subarray(at, Math.min(bytes.byteLength, at + MAX_READ_BYTES)), offset + at);
    }
    return areFinite(out, 0, weights);
  }
  const expand = EXPAND[type.name];
  let finite = true;
  await forEachChunk(file, buffers, offset, type.bytes, weights / type.weights, (bytes, first, blocks) => {
    if (!expand(bytes, blocks * type.weights, out, first * type.weights)) finite = false;
  });
  return finite;
}

/** The same for a matrix whose rows lie in another order. */
export async function readReorderedRows(
  matrix: StoredMatrix,
  buffers: ChunkBuffers,
  order: RowOrder,
  out: Float32Array,
  from: number,
  to: number,
): Promise<boolean> {
  const { file, type, columns } = matrix;
  const expand = EXPAND[type.name];
  const rowBytes = (columns / type.weights) * type.bytes;
  const maxGap = 1 + Math.floor(MAX_GAP_BYTES / rowBytes);
  const wanted = Array.from({ length: to - from }, (_, i) => ({ stored: order(from + i), at: i * columns }));
  wanted.sort((a, b) => a.stored - b.stored);

  let finite = true;
  for (let start = 0, end = 0; start < wanted.length; start = end) {
    end = start + 1;
    while (end < wanted.length && wanted[end].stored - wanted[end - 1].stored <= maxGap) end++;
    const firstRow = wanted[start].stored;
    const rows = wanted[end - 1].stored + 1 - firstRow;
    let next = start;
    await forEachChunk(file, buffers, matrix.offset + firstRow * rowBytes, rowBytes, rows, (bytes, first, count) => {
      const endRow = firstRow + first + count;
      for (; next < end && wanted[next].stored < endRow; next++) {
        const at = (wanted[next].stored - firstRow - first) * rowBytes;
        if (!expand(bytes.subarray(at, at + rowBytes), columns, out, wanted[next].at)) finite = false;
      }
    });
  }
  return finite;
}

/** Rows of the transposed matrix on the side of a square that is transposed at a time: both sides stay in the cache. */
const SQUARE = 32;

/**
 * Columns `[from, to)` of a stored matrix `[in, out]` as rows `[to − from, in]`. All of the matrix is read, whatever the
 * range: ask for whole matrices.
 */
export async function readTransposedRows(
  matrix: StoredMatrix,
  buffers: ChunkBuffers,
  out: Float32Array,
  from: number,
  to: number,
): Promise<boolean> {
  const { file, type, rows, columns } = matrix;
  const expand = EXPAND[type.name];
  const rowBytes = (columns / type.weights) * type.bytes;
  let scratch = new Float32Array(0);
  let finite = true;
  await forEachChunk(file, buffers, matrix.offset, rowBytes, rows, (bytes, first, count) => {
    if (scratch.length < count * columns) scratch = new Float32Array(count * columns);
    if (!expand(bytes, count * columns, scratch, 0)) finite = false;
    for (let row = 0; row < count; row += SQUARE) {
      const rowEnd = Math.min(count, row + SQUARE);
      for (let column = from; column < to; column += SQUARE) {
        const columnEnd = Math.min(to, column + SQUARE);
        for (let c = column; c < columnEnd; c++) {
          const at = (c - from) * rows + first;
          for (let r = row; r < rowEnd; r++) out[at + r] = scratch[r * columns + c];
        }
      }
    }
  });
  return finite;
}
