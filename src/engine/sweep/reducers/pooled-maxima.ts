import { MOST_CELLS, type StripSums } from "./strip-sums";

/** A matrix as a small picture: of each of its cells, which cover it evenly, the largest activation. */
export class PooledMaxima {
  readonly rows: number;
  readonly columns: number;
  /** Float32 bits, row by row: those of numbers that are not negative order as the numbers do. */
  readonly bits: Int32Array;
  readonly #out: number;
  /** Where the columns of each cell begin, and where the last ones end. */
  readonly #begins: Uint32Array;

  constructor({ out, in: width }: { readonly out: number; readonly in: number }) {
    this.#out = out;
    this.rows = Math.min(MOST_CELLS, out);
    this.columns = Math.min(MOST_CELLS, width);
    this.bits = new Int32Array(this.rows * this.columns);
    this.#begins = Uint32Array.from({ length: this.columns + 1 }, (_, cell) =>
      Math.ceil((cell * width) / this.columns),
    );
  }

  /** Takes in the rows of a strip, the first of which is the matrix' row `from`. */
  add({ raise, rows: { length } }: StripSums, from: number): void {
    const cellsOf = (row: number): number => Math.floor((row * this.rows) / this.#out);
    for (let row = 0; row < length;) {
      const cells = cellsOf(from + row);
      const end = Math.min(length, Math.ceil(((cells + 1) * this.#out) / this.rows) - from);
      raise(this.bits.subarray(cells * this.columns, (cells + 1) * this.columns), this.#begins, row, end);
      row = end;
    }
  }
}
