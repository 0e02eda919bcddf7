import { forEachChunk, type ChunkBuffers } from "../chunks";
import { areFinite } from "../expand";
import type { WantedRows } from "../read-weights";
import type { StoredTensor } from "./stored";

/** Rows of codes, each a place in a table of values: `rows` rows of `columns` codes of 4 or 8 bits, one row after the other. */
export interface CodedRows {
  readonly codes: StoredTensor;
  readonly rows: number;
  readonly columns: number;
  /** Bytes of a row: 4 bits are padded to whatever the format packs them into. */
  readonly rowBytes: number;
  /** 16 or 256 values. */
  readonly table: Float32Array;
  /** Of two codes in a byte the first is the higher one. */
  readonly highFirst?: boolean;
}

/** Which scale of its row counts for each column: of so many neighbouring ones the same, or as it is said. */
export type Groups = number | Int32Array;

/** What the values of a matrix are scaled by: a grid over it. */
export interface ScaleGrid {
  /** A scale for so many rows. */
  readonly blockRows: number;
  /** The scales of a row of the grid. */
  readonly columns: number;
  readonly groups: Groups;
  /** Rows `[from, to)` of the grid, one after the other. */
  readonly scales: (from: number, to: number) => Promise<Float32Array>;
  /** The same of what is taken away before scaling. */
  readonly zeros?: (from: number, to: number) => Promise<Float32Array>;
}

/** Neighbouring columns `[from, to)` that one group counts for. */
export interface Run {
  readonly from: number;
  readonly to: number;
  readonly group: number;
}

/** The columns as runs of one group each. */
export function runsOf(columns: number, groups: Groups): Run[] {
  const groupOf = (column: number): number =>
    typeof groups === "number" ? Math.floor(column / groups) : groups[column]!;
  const runs: Run[] = [];
  let from = 0;
  while (from < columns) {
    const group = groupOf(from);
    let to = from + 1;
    while (to < columns && groupOf(to) === group) to++;
    runs.push({ from, to, group });
    from = to;
  }
  return runs;
}

/** Reads rows: `(table[code] − zero) · scale`, rounded once. Returns whether all of them are finite. */
export async function readCodedRows(
  { codes, columns, rowBytes, table, highFirst = false }: CodedRows,
  grid: ScaleGrid,
  { from, to, out }: WantedRows,
  buffers: ChunkBuffers,
): Promise<boolean> {
  if (from === to) return true;
  const { blockRows } = grid;
  const runs = runsOf(columns, grid.groups);
  const first = Math.floor(from / blockRows);
  const end = Math.ceil(to / blockRows);
  const scales = await grid.scales(first, end);
  const zeros = await grid.zeros?.(first, end);
  const isByte = table.length === 256;
  await forEachChunk(
    codes.file,
    buffers,
    codes.offset + from * rowBytes,
    rowBytes,
    to - from,
    (bytes, begun, count) => {
      for (let row = 0; row < count; row++) {
        const at = (begun + row) * columns;
        const gridRow = (Math.floor((from + begun + row) / blockRows) - first) * grid.columns;
        for (const run of runs) {
          const scale = scales[gridRow + run.group]!;
          const zero = zeros === undefined ? 0 : zeros[gridRow + run.group]!;
          if (isByte) scaleBytes(bytes, row * rowBytes, run, table, zero, scale, out, at);
          else scaleNibbles(bytes, row * rowBytes, run, table, highFirst, zero, scale, out, at);
        }
      }
    },
  );
  return areFinite(out, 0, (to - from) * columns);
}

/** Columns of one scale, of a row that begins at `start` and goes to `at`: a code in a byte. */
function scaleBytes(
  bytes: Uint8Array,
  start: number,
  { from, to }: Run,
  table: Float32Array,
  zero: number,
  scale: number,
  out: Float32Array,
  at: number,
): void {
  for (let column = from; column < to; column++) out[at + column] = (table[bytes[start + column]!]! - zero) * scale;
}

/** The same, two codes in a byte. */
function scaleNibbles(
  bytes: Uint8Array,
  start: number,
  { from, to }: Run,
  table: Float32Array,
  highFirst: boolean,
  zero: number,
  scale: number,
  out: Float32Array,
  at: number,
): void {
  const [even, odd] = highFirst ? [4, 0] : [0, 4];
  let column = from;
  if (column & 1) {
    out[at + column] = (table[(bytes[start + (column >> 1)]! >> odd) & 15]! - zero) * scale;
    column++;
  }
  for (; column + 1 < to; column += 2) {
    const byte = bytes[start + (column >> 1)]!;
    out[at + column] = (table[(byte >> even) & 15]! - zero) * scale;
    out[at + column + 1] = (table[(byte >> odd) & 15]! - zero) * scale;
  }
  if (column < to) out[at + column] = (table[(bytes[start + (column >> 1)]! >> even) & 15]! - zero) * scale;
}

/** The value of each byte as a signed whole number. */
export const SIGNED_BYTES = Float32Array.from({ length: 256 }, (_, byte) => (byte << 24) >> 24);

/** Whole numbers from `−2^(bits − 1)` on, as formats store them that add as much before packing. */
export function shiftedIntegers(bits: 4 | 8): Float32Array {
  return Float32Array.from({ length: 2 ** bits }, (_, code) => code - 2 ** (bits - 1));
}

/** Floats of 8 bits, 4 of exponent and 3 of fraction, without infinities (OCP 8-bit Floating Point, E4M3; torch's float8_e4m3fn). */
export const FLOAT8_E4M3 = Float32Array.from({ length: 256 }, (_, byte) => {
  const [exponent, fraction] = [(byte >> 3) & 15, byte & 7];
  if (exponent === 15 && fraction === 7) return NaN;
  const size = exponent === 0 ? (fraction / 8) * 2 ** -6 : (1 + fraction / 8) * 2 ** (exponent - 7);
  return byte & 128 ? -size : size;
});

/** Floats of 4 bits, 2 of exponent and 1 of fraction (OCP Microscaling Formats, E2M1). */
export const FLOAT4_E2M1 = Float32Array.of(0, 0.5, 1, 1.5, 2, 3, 4, 6, -0, -0.5, -1, -1.5, -2, -3, -4, -6);
