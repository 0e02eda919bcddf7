import { GraphBuilder } from "../graph/graph";
import { tensor, type Runtime } from "../runtime/runtime";
import type { Profiler } from "../sweep/profiler";
import { Programs } from "../sweep/programs";

/** Products of two matrices, formed by the runtime. */
export class Products {
  readonly #programs: Programs;

  constructor(
    runtime: Runtime,
    private readonly profiler: Profiler,
  ) {
    this.#programs = new Programs(runtime, profiler);
  }

  /** `a b`: `[rows, inner]` by `[inner, columns]`. */
  async plain(a: Float32Array, b: Float32Array, rows: number, inner: number): Promise<Float32Array> {
    return await this.#product(a, b, rows, inner, false);
  }

  /** `a bᵀ`: `[rows, inner]` by `[columns, inner]`. */
  async transposed(a: Float32Array, b: Float32Array, rows: number, inner: number): Promise<Float32Array> {
    return await this.#product(a, b, rows, inner, true);
  }

  async #product(
    a: Float32Array,
    b: Float32Array,
    rows: number,
    inner: number,
    transposeB: boolean,
  ): Promise<Float32Array> {
    const program = await this.#programs.get(`product ${transposeB}`, () => {
      const builder = new GraphBuilder();
      const left = builder.input("a", ["rows", "inner"]);
      const right = builder.input("b", transposeB ? ["columns", "inner"] : ["inner", "columns"]);
      return builder.graph(new Map([["product", builder.matmul(left, right, { transposeB })]]));
    });
    const columns = b.length / inner;
    const product = new Float32Array(rows * columns);
    const shape = transposeB ? [columns, inner] : [inner, columns];
    await this.profiler.time("products", () =>
      program.run({ a: tensor(a, rows, inner), b: tensor(b, ...shape) }, { product: tensor(product, rows, columns) }),
    );
    return product;
  }

  async dispose(): Promise<void> {
    await this.#programs.dispose();
  }
}

/** Rows `[top, bottom)` and columns `[left, right)` of a matrix with rows of `width`, in an array of their own. */
export function cut(
  matrix: Float32Array,
  width: number,
  [top, bottom]: readonly [number, number],
  [left, right]: readonly [number, number],
): Float32Array {
  const part = new Float32Array((bottom - top) * (right - left));
  for (let row = top; row < bottom; row++)
    part.set(matrix.subarray(row * width + left, row * width + right), (row - top) * (right - left));
  return part;
}

/** Subtracts `part` from the matrix, its corner at `top`, `left`. */
export function subtract(
  matrix: Float32Array,
  width: number,
  part: Float32Array,
  columns: number,
  top: number,
  left: number,
): void {
  for (let row = 0, at = 0; at < part.length; row++) {
    let place = (top + row) * width + left;
    for (const end = at + columns; at < end; at++, place++) matrix[place] -= part[at];
  }
}
