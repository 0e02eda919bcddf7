/**
 * How far float32 bits are shifted right to be a bin, 32768 an octave: finer than those of documents, so that what is counted above a threshold
 * is exact to a parameter or so. A sparsity that follows it then takes as many weights as another program's.
 */
const SHIFT = 8;

/** A bin for every float32 that is not negative. */
export const FLOAT_BINS = 2 ** (31 - SHIFT);

/** Adds values, none negative, to the counts of their bins. */
export function countInto(counts: Uint32Array, { buffer, byteOffset, length }: Float32Array): void {
  for (const bits of new Uint32Array(buffer, byteOffset, length)) {
    const bin = bits >>> SHIFT;
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
}

/** The bin of a value. */
export function floatBin(value: number): number {
  return (new Uint32Array(Float32Array.of(value).buffer)[0] ?? 0) >>> SHIFT;
}
