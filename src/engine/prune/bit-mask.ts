/** Without the sign bit the bits of floats order by magnitude. */
export const MAGNITUDE = 0x7fffffff;
const ONES = Uint8Array.from({ length: 256 }, (_, byte) => [...byte.toString(2)].filter((bit) => bit === "1").length);

/** A bit for every parameter of a matrix, row after row: set where it is removed. */
export class BitMask {
  readonly bytes: Uint8Array;

  constructor(readonly length: number) {
    this.bytes = new Uint8Array(Math.ceil(length / 8));
  }

  /** Set where a weight is 0. */
  static ofZeros(weights: Float32Array): BitMask {
    const mask = new BitMask(weights.length);
    const { bytes } = mask;
    const bits = new Uint32Array(weights.buffer, weights.byteOffset, weights.length);
    // 0 - 1 is negative, every other magnitude - 1 is not
    for (let i = 0; i < bits.length; i++) bytes[i >>> 3] |= (((bits[i] & MAGNITUDE) - 1) >>> 31) << (i & 7);
    return mask;
  }

  set(index: number): void {
    this.bytes[index >>> 3] |= 1 << (index & 7);
  }

  has(index: number): boolean {
    return (this.bytes[index >>> 3] & (1 << (index & 7))) !== 0;
  }

  /** How many are set. */
  count(): number {
    let count = 0;
    for (const byte of this.bytes) count += ONES[byte];
    return count;
  }

  /** Sets those of `weights` to 0 that are removed; the first of them is the matrix's parameter number `from`. */
  apply(weights: Float32Array, from = 0): void {
    const { bytes } = this;
    const bits = new Uint32Array(weights.buffer, weights.byteOffset, weights.length);
    // no branch, which a processor could foresee only half the time
    for (let i = 0, index = from; i < bits.length; i++, index++)
      bits[i] &= ((bytes[index >>> 3] >>> (index & 7)) & 1) - 1;
  }
}
