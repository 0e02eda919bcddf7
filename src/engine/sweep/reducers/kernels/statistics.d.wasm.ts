/* What statistics.ts compiles to, written by test/engine/wasm/declarations.test.ts (`vitest run -u`). */
import type { KernelBytes } from "../../../wasm/load-kernels";

export interface Kernels {
  /**
   * statistics/reduce
   * @param values `usize`
   * @param rows `usize`
   * @param width `usize`
   * @param columnSums `usize`
   * @param rowSums `usize`
   * @param rowSquares `usize`
   * @param counts `usize`
   * @param weakest `i32`
   * @param candidates `usize`
   * @param bounds `usize`
   * @returns `usize`
   */
  readonly reduce: (values: number, rows: number, width: number, columnSums: number, rowSums: number, rowSquares: number, counts: number, weakest: number, candidates: number, bounds: number) => number;
  /**
   * statistics/raise
   * @param values `usize`
   * @param rows `usize`
   * @param width `usize`
   * @param begins `usize`
   * @param cells `usize`
   * @param maxima `usize`
   */
  readonly raise: (values: number, rows: number, width: number, begins: number, cells: number, maxima: number) => void;
}

declare const wasm: KernelBytes<Kernels>;
export default wasm;
