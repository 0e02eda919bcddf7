import { bytesOf, dividesRows, formatOf, type FormatName } from "./formats";
import { quantizer } from "./quantizer";

/** What storing weights in some format makes of them. */
export interface Rounding {
  readonly name: string;
  /** Scales included. */
  readonly bitsPerWeight: number;
  /** Whether rows of so many columns can be stored so. */
  readonly divides: (columns: number) => boolean;
  readonly bytesOf: (weights: number) => number;
  /**
   * The weights as they are read back, to `out`: `rows` holds rows of `columns` each, and `importance` says how much an error in each column
   * counts. A row does not depend on the others.
   */
  readonly round: (rows: Float32Array, columns: number, out: Float32Array, importance?: Float32Array) => void;
}

/** A format of GGUF files. */
export function ggufRounding(name: FormatName): Rounding {
  const { quantize, dequantize } = quantizer(name);
  return {
    name,
    bitsPerWeight: formatOf(name).bitsPerWeight,
    divides: (columns) => dividesRows(name, columns),
    bytesOf: (weights) => bytesOf(name, weights),
    round: (rows, columns, out, importance) => {
      dequantize(quantize(rows, columns, importance), out.subarray(0, rows.length));
    },
  };
}
