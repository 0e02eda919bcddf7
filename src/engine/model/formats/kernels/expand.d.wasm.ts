/* What expand.ts compiles to, written by test/engine/wasm/declarations.test.ts (`vitest run -u`). */
import type { KernelBytes } from "../../../wasm/load-kernels";

export interface Kernels {
  /**
   * expand/BF16
   * @param from `usize`
   * @param blocks `usize`
   * @param to `usize`
   * @returns `bool`
   */
  readonly BF16: (from: number, blocks: number, to: number) => 0 | 1;
  /**
   * expand/F16
   * @param from `usize`
   * @param blocks `usize`
   * @param to `usize`
   * @returns `bool`
   */
  readonly F16: (from: number, blocks: number, to: number) => 0 | 1;
  /**
   * expand/Q4_0
   * @param from `usize`
   * @param blocks `usize`
   * @param to `usize`
   * @returns `bool`
   */
  readonly Q4_0: (from: number, blocks: number, to: number) => 0 | 1;
  /**
   * expand/Q4_1
   * @param from `usize`
   * @param blocks `usize`
   * @param to `usize`
   * @returns `bool`
   */
  readonly Q4_1: (from: number, blocks: number, to: number) => 0 | 1;
  /**
   * expand/Q5_0
   * @param from `usize`
   * @param blocks `usize`
   * @param to `usize`
   * @returns `bool`
   */
  readonly Q5_0: (from: number, blocks: number, to: number) => 0 | 1;
  /**
   * expand/Q5_1
   * @param from `usize`
   * @param blocks `usize`
   * @param to `usize`
   * @returns `bool`
   */
  readonly Q5_1: (from: number, blocks: number, to: number) => 0 | 1;
  /**
   * expand/Q8_0
   * @param from `usize`
   * @param blocks `usize`
   * @param to `usize`
   * @returns `bool`
   */
  readonly Q8_0: (from: number, blocks: number, to: number) => 0 | 1;
  /**
   * expand/Q2_K
   * @param from `usize`
   * @param blocks `usize`
   * @param to `usize`
   * @returns `bool`
   */
  readonly Q2_K: (from: number, blocks: number, to: number) => 0 | 1;
  /**
   * expand/Q3_K
   * @param from `usize`
   * @param blocks `usize`
   * @param to `usize`
   * @returns `bool`
   */
  readonly Q3_K: (from: number, blocks: number, to: number) => 0 | 1;
  /**
   * expand/Q4_K
   * @param from `usize`
   * @param blocks `usize`
   * @param to `usize`
   * @returns `bool`
   */
  readonly Q4_K: (from: number, blocks: number, to: number) => 0 | 1;
  /**
   * expand/Q5_K
   * @param from `usize`
   * @param blocks `usize`
   * @param to `usize`
   * @returns `bool`
   */
  readonly Q5_K: (from: number, blocks: number, to: number) => 0 | 1;
  /**
   * expand/Q6_K
   * @param from `usize`
   * @param blocks `usize`
   * @param to `usize`
   * @returns `bool`
   */
  readonly Q6_K: (from: number, blocks: number, to: number) => 0 | 1;
  /**
   * expand/IQ4_NL
   * @param from `usize`
   * @param blocks `usize`
   * @param to `usize`
   * @returns `bool`
   */
  readonly IQ4_NL: (from: number, blocks: number, to: number) => 0 | 1;
  /**
   * expand/IQ4_XS
   * @param from `usize`
   * @param blocks `usize`
   * @param to `usize`
   * @returns `bool`
   */
  readonly IQ4_XS: (from: number, blocks: number, to: number) => 0 | 1;
  /**
   * expand/MXFP4
   * @param from `usize`
   * @param blocks `usize`
   * @param to `usize`
   * @returns `bool`
   */
  readonly MXFP4: (from: number, blocks: number, to: number) => 0 | 1;
  /**
   * expand/TQ2_0
   * @param from `usize`
   * @param blocks `usize`
   * @param to `usize`
   * @returns `bool`
   */
  readonly TQ2_0: (from: number, blocks: number, to: number) => 0 | 1;
  /**
   * expand/TQ1_0
   * @param from `usize`
   * @param blocks `usize`
   * @param to `usize`
   * @returns `bool`
   */
  readonly TQ1_0: (from: number, blocks: number, to: number) => 0 | 1;
  /**
   * codebook/IQ2_XXS
   * @param from `usize`
   * @param blocks `usize`
   * @param to `usize`
   * @param codebook `usize`
   * @returns `bool`
   */
  readonly IQ2_XXS: (from: number, blocks: number, to: number, codebook: number) => 0 | 1;
  /**
   * codebook/IQ2_XS
   * @param from `usize`
   * @param blocks `usize`
   * @param to `usize`
   * @param codebook `usize`
   * @returns `bool`
   */
  readonly IQ2_XS: (from: number, blocks: number, to: number, codebook: number) => 0 | 1;
  /**
   * codebook/IQ2_S
   * @param from `usize`
   * @param blocks `usize`
   * @param to `usize`
   * @param codebook `usize`
   * @returns `bool`
   */
  readonly IQ2_S: (from: number, blocks: number, to: number, codebook: number) => 0 | 1;
  /**
   * codebook/IQ3_XXS
   * @param from `usize`
   * @param blocks `usize`
   * @param to `usize`
   * @param codebook `usize`
   * @returns `bool`
   */
  readonly IQ3_XXS: (from: number, blocks: number, to: number, codebook: number) => 0 | 1;
  /**
   * codebook/IQ3_S
   * @param from `usize`
   * @param blocks `usize`
   * @param to `usize`
   * @param codebook `usize`
   * @returns `bool`
   */
  readonly IQ3_S: (from: number, blocks: number, to: number, codebook: number) => 0 | 1;
  /**
   * codebook/IQ1_S
   * @param from `usize`
   * @param blocks `usize`
   * @param to `usize`
   * @param codebook `usize`
   * @returns `bool`
   */
  readonly IQ1_S: (from: number, blocks: number, to: number, codebook: number) => 0 | 1;
  /**
   * codebook/IQ1_M
   * @param from `usize`
   * @param blocks `usize`
   * @param to `usize`
   * @param codebook `usize`
   * @returns `bool`
   */
  readonly IQ1_M: (from: number, blocks: number, to: number, codebook: number) => 0 | 1;
}

declare const wasm: KernelBytes<Kernels>;
export default wasm;
