import { bytesOf } from "../numbers/base64";
import type { MatrixImage } from "./analysis";

/** A stretch of a matrix's rows and columns, each half-open. */
export interface Region {
  readonly rows: readonly [from: number, to: number];
  readonly columns: readonly [from: number, to: number];
}

/** A code is an eighth of an octave below the largest activation; what is further below than codes go has the last of them, and 0 is nothing. */
const STEPS = 8;
const [LARGEST, SMALLEST] = [255, 1];

/** The bytes of a picture of activations, each relative to the largest of them: within 5 % of what it stands for. */
export function imageCodes(values: ArrayLike<number>, max: number): Uint8Array {
  const codes = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value > 0) codes[i] = Math.max(SMALLEST, LARGEST - Math.round(STEPS * Math.log2(max / value)));
  }
  return codes;
}

/** The activations of a picture's cells, row by row. @param max the largest of the matrix. */
export function imageValues({ codes }: Pick<MatrixImage, "codes">, max: number): Float64Array {
  return Float64Array.from(bytesOf(codes), (code) => (code === 0 ? 0 : max * 2 ** ((code - LARGEST) / STEPS)));
}
