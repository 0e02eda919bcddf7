import { loadKernels } from "../wasm/load-kernels";
import wasm, { type Kernels } from "./kernels/matrix.wasm";

/** Memory of the kernels, to be filled in: three arrays, and where they begin. */
export interface Room {
  readonly kernels: Kernels;
  /** A bit for each of `values`, and a byte. */
  readonly bits: Uint8Array;
  readonly values: Float32Array;
  /** What goes with them. */
  readonly others: Float32Array;
  readonly at: { readonly bits: number; readonly values: number; readonly others: number };
}

/** Values that are worked on at a time: they stay in a core's own cache. A multiple of 8, so that their bits are whole bytes. */
export const PIECE = 32 * 1024;
/** More room than for so many values is not kept. */
const KEPT = 2 ** 22;
const ALIGNMENT = 16;

let kept: Room | undefined;

/** Room for so many values at least, and others, until the next is asked for: not over an `await`. What the last one held is lost. */
export function roomFor(values: number, others = 0): Room {
  if (kept !== undefined && kept.values.length >= values && kept.others.length >= others) return kept;
  const room = makeRoom(Math.max(values, PIECE), Math.max(others, PIECE));
  if (values + others <= KEPT) kept = room;
  return room;
}

function makeRoom(size: number, others: number): Room {
  const aligned = (bytes: number): number => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
  const bits = aligned(size / 8 + ALIGNMENT);
  const values = aligned(4 * size);
  const { kernels, memory } = loadKernels(wasm, bits + values + 4 * others);
  return {
    kernels,
    bits: new Uint8Array(memory.buffer, 0, bits),
    values: new Float32Array(memory.buffer, bits, size),
    others: new Float32Array(memory.buffer, bits + values, others),
    at: { bits: 0, values: bits, others: bits + values },
  };
}

/** Pieces of an array, one after the other in the room's `values`. */
export function eachPiece(values: Float32Array, use: (room: Room, piece: Float32Array, from: number) => void): void {
  const room = roomFor(PIECE);
  for (let from = 0; from < values.length; from += PIECE) {
    const piece = values.subarray(from, from + PIECE);
    room.values.set(piece);
    use(room, piece, from);
  }
}
