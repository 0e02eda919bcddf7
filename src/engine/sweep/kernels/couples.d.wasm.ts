/* What couples.ts compiles to, written by test/engine/wasm/declarations.test.ts (`vitest run -u`). */
import type { KernelBytes } from "../../wasm/load-kernels";

export interface Kernels {
  /**
   * couples/scale
   * @param weights `usize`
   * @param means `usize`
   * @param tiny `f32`
   * @param scales `usize`
   * @param size `usize`
   */
  readonly scale: (weights: number, means: number, tiny: number, scales: number, size: number) => void;
  /**
   * couples/products
   * @param factors `usize`
   * @param gradients `usize`
   * @param size `usize`
   * @param couples `usize`
   * @param sums `usize`
   */
  readonly products: (factors: number, gradients: number, size: number, couples: number, sums: number) => void;
  /**
   * couples/logarithmicProducts
   * @param factors `usize`
   * @param gradients `usize`
   * @param size `usize`
   * @param couples `usize`
   * @param sums `usize`
   */
  readonly logarithmicProducts: (factors: number, gradients: number, size: number, couples: number, sums: number) => void;
}

declare const wasm: KernelBytes<Kernels>;
export default wasm;
