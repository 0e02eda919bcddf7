import { ParamscopeError } from "../../errors";
import { elementAt } from "../../numbers/elements";
import type { ExpertStack } from "../checkpoint";
import type { ChunkBuffers } from "./chunks";
import { quote } from "./quote";
import type { WantedRows } from "./read-weights";
import { columnCount, rowCount, type TensorAccess } from "./tensor-access";

/** Rows of a tensor of the checkpoint that are stored for themselves. */
export interface Fragment {
  readonly whole: { readonly name: string; readonly shape: readonly number[]; readonly stack?: ExpertStack };
  readonly rows: TensorAccess;
  /** Which row of the whole (of a vector: which value) a row of it is; ascending. */
  readonly place: (row: number) => number;
}

/** The most values that are read before they are put in their places. */
const PIECE = 2 ** 20;

/**
 * The tensor that fragments make; undefined where some of it is missing.
 * @throws ParamscopeError where fragments are not of one tensor
 */
export function joined(fragments: readonly Fragment[]): TensorAccess | undefined {
  const { whole, rows: first } = elementAt(fragments, 0);
  for (const other of fragments)
    if (String(other.whole.shape) !== String(whole.shape) || !isAlike(other.rows.shape, first.shape))
      throw new ParamscopeError(
        `${elementAt(first.parts, 0).file.path}: what the tensor ${quote(whole.name)} is made of does not fit together.`,
        "The file is damaged: download or convert the model again.",
      );
  const rows = fragments.reduce((sum, fragment) => sum + lengthOf(fragment.rows.shape), 0);
  if (rows !== lengthOf(whole.shape)) return undefined;
  return {
    ...whole,
    type: [...new Set(fragments.map((fragment) => fragment.rows.type))].join(" and "),
    bytes: fragments.reduce((sum, fragment) => sum + fragment.rows.bytes, 0),
    parts: fragments.flatMap((fragment) => fragment.rows.parts),
    read: async (wanted, buffers) => {
      const pieces = { scratch: new Float32Array(0) };
      const isVector = whole.shape.length === 1;
      let finite = true;
      for (const fragment of fragments) {
        const read = isVector ? readValues : readRowsOf;
        if (!(await read(fragment, wanted, buffers, pieces))) finite = false;
      }
      return finite;
    },
  };
}

/** Memory that is used again. */
interface Scratch {
  scratch: Float32Array;
}

function scratchOf(pieces: Scratch, length: number): Float32Array {
  if (pieces.scratch.length < length) pieces.scratch = new Float32Array(length);
  return pieces.scratch;
}

async function readValues(
  { rows, place }: Fragment,
  { from, to, out }: WantedRows,
  buffers: ChunkBuffers,
  pieces: Scratch,
): Promise<boolean> {
  if (from === to) return true;
  const count = lengthOf(rows.shape);
  const values = scratchOf(pieces, count);
  const finite = await rows.read({ from: 0, to: 1, out: values }, buffers);
  for (let i = 0; i < count; i++) out[place(i)] = elementAt(values, i);
  return finite;
}

async function readRowsOf(
  { rows, place }: Fragment,
  { from, to, out }: WantedRows,
  buffers: ChunkBuffers,
  pieces: Scratch,
): Promise<boolean> {
  const columns = columnCount(rows.shape);
  const count = lengthOf(rows.shape);
  const atOnce = Math.max(1, Math.floor(PIECE / columns));
  const end = firstAt(to, count, place);
  let finite = true;
  for (let first = firstAt(from, count, place); first < end; first += atOnce) {
    const last = Math.min(end, first + atOnce);
    const values = scratchOf(pieces, (last - first) * columns);
    if (!(await rows.read({ from: first, to: last, out: values }, buffers))) finite = false;
    for (let row = first; row < last; row++) {
      const at = (row - first) * columns;
      out.set(values.subarray(at, at + columns), (place(row) - from) * columns);
    }
  }
  return finite;
}

/** The first row whose place is `wanted` or behind it. */
function firstAt(wanted: number, count: number, place: (row: number) => number): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (place(middle) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Whether rows of both are as long. */
function isAlike(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && (a.length === 1 || columnCount(a) === columnCount(b));
}

/** Rows of a matrix, values of a vector. */
function lengthOf(shape: readonly number[]): number {
  return shape.length === 1 ? elementAt(shape, 0) : rowCount(shape);
}
