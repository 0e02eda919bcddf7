import type { BitMask } from "./bit-mask";
import { PIECE, roomFor } from "./matrix-kernels";

/**
 * Marks the `count` values of the smallest magnitude, of equal ones the first, exactly so many.
 * @param at the number of the first value in the mask
 */
export function markSmallest(values: Float32Array, count: number, mask: BitMask, at: number): void {
  markSmallestOfRows(values, values.length, count, mask, at);
}

/**
 * Marks the `count` smallest values, as `markSmallest` does, of every row of `columns` values.
 * @param factors of the columns: what counts is the magnitude of the values times these
 */
export function markSmallestOfRows(
  values: Float32Array,
  columns: number,
  count: number,
  mask: BitMask,
  at: number,
  factors?: Float32Array,
): void {
  if (count <= 0) return;
  const size = columns * Math.max(1, Math.floor(PIECE / columns));
  // the factors, and a row times them
  const { kernels, bits, ...room } = roomFor(size, factors && 2 * columns);
  if (factors !== undefined) room.others.set(factors);
  const scaled = room.at.others + 4 * columns;
  for (let from = 0; from < values.length; from += size) {
    const piece = values.subarray(from, from + size);
    room.values.set(piece);
    const first = (at + from) & 7;
    bits[0] = 0;
    for (let i = 0; i < piece.length; i += columns) {
      let row = room.at.values + 4 * i;
      if (factors !== undefined) {
        kernels.scale(row, room.at.others, columns, scaled);
        row = scaled;
      }
      kernels.markSmallest(row, columns, count, room.at.bits, first + i);
    }
    mask.add(bits, at + from - first, first + piece.length);
  }
}

/** Marks, of every `of` consecutive values, the `pruned` of the smallest magnitude, of equal ones the first. */
export function markSmallestOfEvery(
  { pruned, of }: { readonly pruned: number; readonly of: number },
  values: Float32Array,
  mask: BitMask,
  at: number,
): void {
  for (let group = 0; group < values.length; group += of)
    for (let times = 0; times < pruned; times++) {
      let [smallest, least] = [-1, 0];
      for (let i = group; i < group + of; i++) {
        const magnitude = Math.abs(values[i] ?? 0);
        if ((smallest < 0 || magnitude < least) && !mask.has(at + i)) [smallest, least] = [i, magnitude];
      }
      mask.set(at + smallest);
    }
}
