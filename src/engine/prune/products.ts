import { GraphBuilder } from "../graph/graph";
import { tensor, type Runtime } from "../runtime/runtime";
import type { Profiler } from "../sweep/profiler";
import { Programs } from "../sweep/programs";
import { Workspace } from "../sweep/workspace";

/** Forms products of two matrices with the runtime. */
export class Products {
  readonly #programs: Programs;
  readonly #profiler: Profiler;
  /** Memory for those who form products. */
  readonly workspace = new Workspace();

  constructor(runtime: Runtime, profiler: Profiler) {
    this.#profiler = profiler;
    this.#programs = new Programs(runtime, profiler);
  }

  /** The product `a b`: `[rows, inner]` by `[inner, columns]`. */
  async plain(a: Float32Array, b: Float32Array, rows: number, inner: number): Promise<Float32Array> {
    const product = new Float32Array((rows * b.length) / inner);
    await this.#product(a, b, inner, product, {});
    return product;
  }

  /** The product `a bᵀ`: `[rows, inner]` by `[columns, inner]`. */
  async transposed(a: Float32Array, b: Float32Array, rows: number, inner: number): Promise<Float32Array> {
    const product = new Float32Array((rows * b.length) / inner);
    await this.#product(a, b, inner, product, { transposeB: true });
    return product;
  }

  /** The product `aᵀ b`, into an array: `[inner, rows]` by `[inner, columns]`. */
  async ofTransposed(a: Float32Array, b: Float32Array, inner: number, product: Float32Array): Promise<void> {
    await this.#product(a, b, inner, product, { transposeA: true });
  }

  async #product(
    a: Float32Array,
    b: Float32Array,
    inner: number,
    product: Float32Array,
    { transposeA = false, transposeB = false },
  ): Promise<void> {
    const program = await this.#programs.get(`product ${transposeA} ${transposeB}`, () => {
      const builder = new GraphBuilder();
      const left = builder.input("a", transposeA ? ["inner", "rows"] : ["rows", "inner"]);
      const right = builder.input("b", transposeB ? ["columns", "inner"] : ["inner", "columns"]);
      return builder.graph(new Map([["product", builder.matmul(left, right, { transposeA, transposeB })]]));
    });
    const [rows, columns] = [a.length / inner, b.length / inner];
    const inputs = {
      a: transposeA ? tensor(a, inner, rows) : tensor(a, rows, inner),
      b: transposeB ? tensor(b, columns, inner) : tensor(b, inner, columns),
    };
    await this.#profiler.time("products", () => program.run(inputs, { product: tensor(product, rows, columns) }));
  }

  async dispose(): Promise<void> {
    await this.#programs.dispose();
  }
}

/** A matrix, row after row, each of `width` values. */
export interface Matrix {
  readonly values: Float32Array;
  readonly width: number;
}

/** The rows `[top, bottom)` and columns `[left, right)` of a matrix, by default in an array of their own. */
export function cut(
  { values, width }: Matrix,
  [top, bottom]: readonly [number, number],
  [left, right]: readonly [number, number],
  part: Float32Array = new Float32Array((bottom - top) * (right - left)),
): Float32Array {
  for (let row = top; row < bottom; row++)
    part.set(values.subarray(row * width + left, row * width + right), (row - top) * (right - left));
  return part;
}

/** Puts `part` into a matrix, its corner at `top`, `left`. */
export function place({ values, width: columns }: Matrix, whole: Matrix, top: number, left: number): void {
  for (let at = 0, to = top * whole.width + left; at < values.length; at += columns, to += whole.width)
    whole.values.set(values.subarray(at, at + columns), to);
}
