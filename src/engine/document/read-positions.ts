import { bytesOf } from "../numbers/base64";
import type { PositionsDescription } from "./positions";

/** The strongest saliency of a text, as it is written. */
const LARGEST = 127;

/** Saliencies in 127ths of the strongest. */
export function saliencyCodes(saliency: ArrayLike<number>, strongest: number): Int8Array {
  return Int8Array.from(saliency, (value) => (strongest > 0 ? Math.round((LARGEST * value) / strongest) : 0));
}

/** The figures of positions, out of what a document has them in. */
export interface ReadPositions {
  /** Per position the sum of the activations of every matrix, layer after layer. */
  readonly sums: readonly Float32Array[];
  /** Per position the saliency of each of its tokens, within a 254th of the strongest. */
  readonly saliency: readonly Float32Array[];
}

export function readPositions({ first, sums, saliency, matrices, at }: PositionsDescription): ReadPositions {
  const all = new Float32Array(bytesOf(sums).buffer);
  const codes = new Int8Array(bytesOf(saliency).buffer);
  const cells = matrices.reduce((count, { length }) => count + length, 0);
  let end = 0;
  return {
    sums: at.map((_, i) => all.subarray(i * cells, (i + 1) * cells)),
    saliency: at.map(({ strongest }, i) => {
      const own = codes.subarray(end, (end += first + i + 1));
      return Float32Array.from(own, (code) => (code / LARGEST) * strongest);
    }),
  };
}
