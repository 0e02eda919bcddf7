import { elementAt } from "../../numbers/elements";
import type { ChunkBuffers } from "./chunks";
import { forEachChunk } from "./chunks";
import { areFinite, type Expand } from "./expand";
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

/** Where rows are read from: the matrix, how its type becomes float32, and the buffers to read through. */
export interface RowSource {
  readonly matrix: StoredMatrix;
  readonly expand: Expand;
  readonly buffers: ChunkBuffers;
}

/** Rows `[from, to)`, and where they are wanted: `[to − from, columns]` from the start of `out` on. */
export interface WantedRows {
  readonly from: number;
  readonly to: number;
  readonly out: Float32Array;
}

/** Where rows lie in a file: for a row of the Hugging Face checkpoint, the row of the file that holds it. */
export type RowOrder = (row: number) => number;

/** Rows between two wanted ones are read along when they take no more than this: one read is cheaper than two. */
const MAX_GAP_BYTES = 64 * 1024;
/** The most bytes of one read call: float32 is read without a buffer, and Linux takes at most 2 GiB − 4 KiB at once. */
const MAX_READ_BYTES = 1024 * 1024 * 1024;

/** Reads rows as float32. Returns whether all of them are finite. */
export async function readRows(
  { matrix, expand, buffers }: RowSource,
  { from, to, out }: WantedRows,
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
  let finite = true;
  await forEachChunk(file, buffers, offset, type.bytes, weights / type.weights, (bytes, first, blocks) => {
    if (!expand(bytes, blocks * type.weights, out, first * type.weights)) finite = false;
  });
  return finite;
}

/** Reads rows of a matrix that lie in another order in the file. Returns whether all of them are finite. */
export async function readReorderedRows(
  { matrix, expand, buffers }: RowSource,
  { from, to, out }: WantedRows,
  order: RowOrder,
): Promise<boolean> {
  const { file, type, columns } = matrix;
  const rowBytes = (columns / type.weights) * type.bytes;
  const wanted = Array.from({ length: to - from }, (_, i) => ({ stored: order(from + i), at: i * columns }));
  let finite = true;
  for (const run of runsOf(wanted, 1 + Math.floor(MAX_GAP_BYTES / rowBytes))) {
    const [firstRow, lastRow] = [elementAt(run, 0).stored, elementAt(run, run.length - 1).stored];
    const rows = lastRow + 1 - firstRow;
    let next = 0;
    await forEachChunk(file, buffers, matrix.offset + firstRow * rowBytes, rowBytes, rows, (bytes, first, count) => {
      const start = firstRow + first;
      for (; next < run.length; next++) {
        const { stored, at } = elementAt(run, next);
        if (stored >= start + count) break;
        const from = (stored - start) * rowBytes;
        if (!expand(bytes.subarray(from, from + rowBytes), columns, out, at)) finite = false;
      }
    });
  }
  return finite;
}

/** A row: which one of the file, and where in the result its first value goes. */
interface PlacedRow {
  readonly stored: number;
  readonly at: number;
}

/** Rows in the file's order, together where none is further from the one before it than `maxGap`. */
function runsOf(rows: readonly PlacedRow[], maxGap: number): PlacedRow[][] {
  const runs: PlacedRow[][] = [];
  let run: PlacedRow[] = [];
  let last = -Infinity;
  for (const row of rows.toSorted((a, b) => a.stored - b.stored)) {
    if (row.stored - last > maxGap) runs.push((run = []));
    run.push(row);
    last = row.stored;
  }
  return runs;
}

/** Rows of the transposed matrix on the side of a square that is transposed at a time: both sides stay in the cache. */
const SQUARE = 32;

/**
 * Reads columns `[from, to)` of a stored matrix `[in, out]` as rows `[to − from, in]`. All of the matrix is read, whatever the
 * range: ask for whole matrices. Returns whether all of it is finite.
 */
export async function readTransposedRows(
  { matrix, expand, buffers }: RowSource,
  { from, to, out }: WantedRows,
): Promise<boolean> {
  const { file, type, rows, columns } = matrix;
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
          for (let r = row; r < rowEnd; r++) out[at + r] = scratch[r * columns + c]!;
        }
      }
    }
  });
  return finite;
}
