/* What matrix.ts compiles to, written by test/engine/wasm/declarations.test.ts (`vitest run -u`). */
import type { KernelBytes } from "../../wasm/load-kernels";

export interface Kernels {
  /**
   * weights/scale
   * @param values `usize`
   * @param factors `usize`
   * @param size `usize`
   * @param to `usize`
   */
  readonly scale: (values: number, factors: number, size: number, to: number) => void;
  /**
   * weights/markSmallest
   * @param values `usize`
   * @param size `usize`
   * @param count `usize`
   * @param bits `usize`
   * @param first `usize`
   */
  readonly markSmallest: (values: number, size: number, count: number, bits: number, first: number) => void;
  /**
   * weights/markZeros
   * @param values `usize`
   * @param size `usize`
   * @param bits `usize`
   */
  readonly markZeros: (values: number, size: number, bits: number) => void;
  /**
   * weights/removeMarked
   * @param values `usize`
   * @param size `usize`
   * @param bits `usize`
   * @param first `usize`
   */
  readonly removeMarked: (values: number, size: number, bits: number, first: number) => void;
  /**
   * weights/sumOfMagnitudes
   * @param values `usize`
   * @param size `usize`
   * @returns `f64`
   */
  readonly sumOfMagnitudes: (values: number, size: number) => number;
  /**
   * weights/addSquares
   * @param rows `usize`
   * @param count `usize`
   * @param size `usize`
   * @param sums `usize`
   */
  readonly addSquares: (rows: number, count: number, size: number, sums: number) => void;
  /**
   * sparse-gpt/scoreColumns
   * @param values `usize`
   * @param rows `usize`
   * @param width `usize`
   * @param factor `usize`
   * @param scores `usize`
   */
  readonly scoreColumns: (values: number, rows: number, width: number, factor: number, scores: number) => void;
  /**
   * sparse-gpt/subtract
   * @param values `usize`
   * @param part `usize`
   * @param size `usize`
   */
  readonly subtract: (values: number, part: number, size: number) => void;
  /**
   * sparse-gpt/pruneRows
   * @param values `usize`
   * @param rows `usize`
   * @param width `usize`
   * @param factor `usize`
   * @param bits `usize`
   * @param errors `usize`
   * @param pruned `usize`
   * @param every `usize`
   * @param span `usize`
   * @param work `usize`
   */
  readonly pruneRows: (values: number, rows: number, width: number, factor: number, bits: number, errors: number, pruned: number, every: number, span: number, work: number) => void;
  /**
   * sparse-gpt/lowerInverse
   * @param matrix `usize`
   * @param size `usize`
   * @param work `usize`
   * @param inverse `usize`
   * @returns `bool`
   */
  readonly lowerInverse: (matrix: number, size: number, work: number, inverse: number) => 0 | 1;
}

declare const wasm: KernelBytes<Kernels>;
export default wasm;
