import type { Tile } from "./reducer";

/** The most cells along either side. */
const MOST = 48;

/** A matrix as a small picture: of each of its cells, which cover it evenly, the largest activation. */
export class PooledMaxima {
  readonly rows: number;
  readonly columns: number;
  /** Float32 bits, row by row: those of numbers that are not negative order as the numbers do. */
  readonly bits: Int32Array;
  readonly #out: number;
  /** Where the columns of each cell begin, and where the last ones end. */
  readonly #begins: Int32Array;

  constructor({ out, in: width }: { readonly out: number; readonly in: number }) {
    this.#out = out;
    this.rows = Math.min(MOST, out);
    this.columns = Math.min(MOST, width);
    this.bits = new Int32Array(this.rows * this.columns);
    this.#begins = Int32Array.from({ length: this.columns + 1 }, (_, cell) => Math.ceil((cell * width) / this.columns));
  }

  /** Takes in the float32 bits of a tile's activations, `[rows, in]`. */
  add({ from, rows, module }: Pick<Tile, "from" | "rows" | "module">, activations: Int32Array): void {
    const { bits, columns } = this;
    const begins = this.#begins;
    for (let row = 0; row < rows; row++) {
      const first = row * module.in;
      const cells = Math.floor(((from + row) * this.rows) / this.#out) * columns;
      for (let cell = 0; cell < columns; cell++) {
        const end = first + begins[cell + 1]!;
        let most = bits[cells + cell]!;
        for (let i = first + begins[cell]!; i < end; i++) if (activations[i]! > most) most = activations[i]!;
        bits[cells + cell] = most;
      }
    }
  }
}
