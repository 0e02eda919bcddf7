/** A bit for every parameter of a matrix, row after row: set where it is removed. */
export class BitMask {
  readonly bytes: Uint8Array;

  constructor(readonly length: number) {
    this.bytes = new Uint8Array(Math.ceil(length / 8));
  }

  set(index: number): void {
    this.bytes[index >>> 3] |= 1 << (index & 7);
  }

  has(index: number): boolean {
    return (this.bytes[index >>> 3] & (1 << (index & 7))) !== 0;
  }

  /** Sets those of `weights` to 0 that are removed; the first of them is the matrix's parameter number `from`. */
  apply(weights: Float32Array, from = 0): void {
    const { bytes } = this;
    for (let i = 0; i < weights.length; i++) {
      const index = from + i;
      if ((bytes[index >>> 3] & (1 << (index & 7))) !== 0) weights[i] = 0;
    }
  }
}
