import { eachPiece } from "./matrix-kernels";

/** How many bits of each byte are set. */
const ONES = Uint8Array.from({ length: 256 }, (_, byte) => [...byte.toString(2)].filter((bit) => bit === "1").length);

/** A bit for every parameter of a matrix, row after row: set where it is removed. */
export class BitMask {
  readonly bytes: Uint8Array;

  constructor(readonly length: number) {
    this.bytes = new Uint8Array(Math.ceil(length / 8));
  }

  /** The mask that is set where a weight is 0. */
  static ofZeros(weights: Float32Array): BitMask {
    const mask = new BitMask(weights.length);
    eachPiece(weights, ({ kernels, bits, at }, { length }, from) => {
      kernels.markZeros(at.values, length, at.bits);
      mask.add(bits, from, length);
    });
    return mask;
  }

  /** Sets what is set of the first `count` of `bits`, the first of them at `from`, a multiple of 8. */
  add(bits: Uint8Array, from: number, count: number): void {
    const { bytes } = this;
    for (let i = 0, at = from >>> 3; 8 * i < count; i++, at++) bytes[at] = (bytes[at] ?? 0) | (bits[i] ?? 0);
  }

  /** Marks one parameter as removed. */
  set(index: number): void {
    this.bytes[index >>> 3] = (this.bytes[index >>> 3] ?? 0) | (1 << (index & 7));
  }

  /** Whether a parameter is removed. */
  has(index: number): boolean {
    return ((this.bytes[index >>> 3] ?? 0) & (1 << (index & 7))) !== 0;
  }

  /** How many are set. */
  count(): number {
    let count = 0;
    for (const byte of this.bytes) count += ONES[byte] ?? 0;
    return count;
  }

  /** Sets those of `weights` to 0 that are removed; the first of them is the matrix's parameter number `from`. */
  apply(weights: Float32Array, from = 0): void {
    eachPiece(weights, ({ kernels, bits, values, at }, piece, start) => {
      const first = from + start;
      bits.set(this.bytes.subarray(first >>> 3, (first + piece.length + 7) >>> 3));
      kernels.removeMarked(at.values, piece.length, at.bits, first & 7);
      piece.set(values.subarray(0, piece.length));
    });
  }
}
