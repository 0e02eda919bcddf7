/* What scores.ts compiles to, written by test/engine/wasm/declarations.test.ts (`vitest run -u`). */
import type { KernelBytes } from "../../wasm/load-kernels";

export interface Kernels {
  /**
   * scores/activations
   * @param gradients `usize`
   * @param size `usize`
   * @param members `usize`
   * @param shares `usize`
   * @param count `usize`
   * @param weights `usize`
   * @param sums `usize`
   * @param strip `usize`
   */
  readonly activations: (gradients: number, size: number, members: number, shares: number, count: number, weights: number, sums: number, strip: number) => void;
  /**
   * scores/squares
   * @param gradients `usize`
   * @param size `usize`
   * @param members `usize`
   * @param shares `usize`
   * @param count `usize`
   * @param sums `usize`
   * @param strip `usize`
   */
  readonly squares: (gradients: number, size: number, members: number, shares: number, count: number, sums: number, strip: number) => void;
}

declare const wasm: KernelBytes<Kernels>;
export default wasm;
