/* What costs.ts compiles to, written by test/engine/wasm/declarations.test.ts (`vitest run -u`). */
import type { KernelBytes } from "../../wasm/load-kernels";

export interface Kernels {
  /**
   * costs/weightedSquares
   * @param values `usize`
   * @param importance `usize`
   * @param rows `usize`
   * @param columns `usize`
   * @returns `f64`
   */
  readonly weightedSquares: (values: number, importance: number, rows: number, columns: number) => number;
  /**
   * costs/secondOrder
   * @param weights `usize`
   * @param rounded `usize`
   * @param scores `usize`
   * @param importance `usize`
   * @param rows `usize`
   * @param columns `usize`
   * @param sums `usize`
   */
  readonly secondOrder: (weights: number, rounded: number, scores: number, importance: number, rows: number, columns: number, sums: number) => void;
  /**
   * costs/firstOrder
   * @param weights `usize`
   * @param rounded `usize`
   * @param scores `usize`
   * @param importance `usize`
   * @param rows `usize`
   * @param columns `usize`
   * @param sums `usize`
   */
  readonly firstOrder: (weights: number, rounded: number, scores: number, importance: number, rows: number, columns: number, sums: number) => void;
}

declare const wasm: KernelBytes<Kernels>;
export default wasm;
