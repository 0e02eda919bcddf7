import type { BitMask } from "./bit-mask";

/** Non-negative floats order as their bits do; without the sign bit they order by magnitude. */
const MAGNITUDE = 0x7fffffff;
/** The exponent and three bits of the mantissa: few enough counts to clear for every row, fine enough to leave little to sort. */
const SHIFT = 20;
const counts = new Uint32Array(2 ** (31 - SHIFT));

/**
 * Marks the `count` values of the smallest magnitude, of equal ones the first, exactly so many. Found by counting bits: a
 * row is read three times and hardly sorted.
 * @param at the number of the first value in the mask
 */
export function markSmallest(values: Float32Array, count: number, mask: BitMask, at: number): void {
  if (count <= 0) return;
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  counts.fill(0);
  for (const pattern of bits) counts[(pattern & MAGNITUDE) >>> SHIFT]++;
  let below = 0;
  let bin = 0;
  while (below + counts[bin] < count) below += counts[bin++];

  const within = new Uint32Array(counts[bin]);
  let found = 0;
  for (const pattern of bits) {
    const magnitude = pattern & MAGNITUDE;
    if (magnitude >>> SHIFT === bin) within[found++] = magnitude;
  }
  within.sort();
  const threshold = within[count - below - 1];
  let equal = count - below - within.indexOf(threshold);
  for (let i = 0; i < bits.length; i++) {
    const magnitude = bits[i] & MAGNITUDE;
    if (magnitude < threshold || (magnitude === threshold && equal-- > 0)) mask.set(at + i);
  }
}

/** Of every `of` consecutive values marks the `pruned` of the smallest magnitude, of equal ones the first. */
export function markSmallestOfEvery(
  { pruned, of }: { readonly pruned: number; readonly of: number },
  values: Float32Array,
  mask: BitMask,
  at: number,
): void {
  for (let group = 0; group < values.length; group += of)
    for (let times = 0; times < pruned; times++) {
      let smallest = -1;
      for (let i = group; i < group + of; i++)
        if (!mask.has(at + i) && (smallest < 0 || Math.abs(values[i]) < Math.abs(values[smallest]))) smallest = i;
      mask.set(at + smallest);
    }
}
