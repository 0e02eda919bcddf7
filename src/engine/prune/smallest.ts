import { MAGNITUDE, type BitMask } from "./bit-mask";

/** The exponent and three bits of the mantissa: few enough counts to clear for every row, fine enough to leave little to sort. */
const SHIFT = 20;
const counts = new Uint32Array(2 ** (31 - SHIFT));
/** The values among which the last one is. */
let within = new Uint32Array(0);

/**
 * Marks the `count` values of the smallest magnitude, of equal ones the first, exactly so many. Found by counting bits: a
 * row is read three times and hardly put in order.
 * @param at the number of the first value in the mask
 */
export function markSmallest(values: Float32Array, count: number, mask: BitMask, at: number): void {
  if (count <= 0) return;
  const { length } = values;
  const bits = new Uint32Array(values.buffer, values.byteOffset, length);
  counts.fill(0);
  for (let i = 0; i < length; i++) counts[(bits[i] & MAGNITUDE) >>> SHIFT]++;
  let below = 0;
  let bin = 0;
  while (below + counts[bin] < count) below += counts[bin++];

  if (within.length < counts[bin]) within = new Uint32Array(counts[bin]);
  let found = 0;
  for (let i = 0; i < length; i++) {
    const magnitude = bits[i] & MAGNITUDE;
    if (magnitude >>> SHIFT === bin) within[found++] = magnitude;
  }
  const candidates = within.subarray(0, found);
  const threshold = nthSmallest(candidates, count - below - 1);
  let equal = count - below;
  for (let i = 0; i < found; i++) if (candidates[i] < threshold) equal--;
  // Where a value falls is as good as random: arithmetic takes no branch that a processor could foresee wrongly.
  const { bytes } = mask;
  for (let i = 0, index = at; i < length; i++, index++)
    bytes[index >>> 3] |= (((bits[i] & MAGNITUDE) - threshold) >>> 31) << (index & 7);
  for (let i = 0; equal > 0; i++)
    if ((bits[i] & MAGNITUDE) === threshold) {
      mask.set(at + i);
      equal--;
    }
}

/** The value that `rank` others come before when sorted (quickselect); the values are in another order then. */
function nthSmallest(values: Uint32Array, rank: number): number {
  let from = 0;
  let to = values.length - 1;
  while (from < to) {
    const pivot = values[(from + to) >>> 1];
    let i = from;
    let j = to;
    while (i <= j) {
      while (values[i] < pivot) i++;
      while (values[j] > pivot) j--;
      if (i <= j) {
        const value = values[i];
        values[i++] = values[j];
        values[j--] = value;
      }
    }
    if (rank <= j) to = j;
    else if (rank >= i) from = i;
    else break;
  }
  return values[rank];
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
