/* What quantize.ts compiles to, written by test/engine/wasm/declarations.test.ts (`vitest run -u`). */
import type { KernelBytes } from "../../wasm/load-kernels";

export interface Kernels {
  /**
   * super-blocks/Q2_K
   * @param from `usize`
   * @param rows `usize`
   * @param columns `usize`
   * @param importance `usize`
   * @param to `usize`
   * @param work `usize`
   */
  readonly Q2_K: (from: number, rows: number, columns: number, importance: number, to: number, work: number) => void;
  /**
   * super-blocks/Q3_K
   * @param from `usize`
   * @param rows `usize`
   * @param columns `usize`
   * @param importance `usize`
   * @param to `usize`
   * @param work `usize`
   */
  readonly Q3_K: (from: number, rows: number, columns: number, importance: number, to: number, work: number) => void;
  /**
   * super-blocks/Q4_K
   * @param from `usize`
   * @param rows `usize`
   * @param columns `usize`
   * @param importance `usize`
   * @param to `usize`
   * @param work `usize`
   */
  readonly Q4_K: (from: number, rows: number, columns: number, importance: number, to: number, work: number) => void;
  /**
   * super-blocks/Q5_K
   * @param from `usize`
   * @param rows `usize`
   * @param columns `usize`
   * @param importance `usize`
   * @param to `usize`
   * @param work `usize`
   */
  readonly Q5_K: (from: number, rows: number, columns: number, importance: number, to: number, work: number) => void;
  /**
   * super-blocks/Q6_K
   * @param from `usize`
   * @param rows `usize`
   * @param columns `usize`
   * @param importance `usize`
   * @param to `usize`
   * @param work `usize`
   */
  readonly Q6_K: (from: number, rows: number, columns: number, importance: number, to: number, work: number) => void;
  /**
   * blocks-of-32/Q4_0
   * @param from `usize`
   * @param rows `usize`
   * @param columns `usize`
   * @param importance `usize`
   * @param to `usize`
   * @param work `usize`
   */
  readonly Q4_0: (from: number, rows: number, columns: number, importance: number, to: number, work: number) => void;
  /**
   * blocks-of-32/Q5_0
   * @param from `usize`
   * @param rows `usize`
   * @param columns `usize`
   * @param importance `usize`
   * @param to `usize`
   * @param work `usize`
   */
  readonly Q5_0: (from: number, rows: number, columns: number, importance: number, to: number, work: number) => void;
  /**
   * blocks-of-32/Q4_1
   * @param from `usize`
   * @param rows `usize`
   * @param columns `usize`
   * @param importance `usize`
   * @param to `usize`
   * @param work `usize`
   */
  readonly Q4_1: (from: number, rows: number, columns: number, importance: number, to: number, work: number) => void;
  /**
   * blocks-of-32/Q5_1
   * @param from `usize`
   * @param rows `usize`
   * @param columns `usize`
   * @param importance `usize`
   * @param to `usize`
   * @param work `usize`
   */
  readonly Q5_1: (from: number, rows: number, columns: number, importance: number, to: number, work: number) => void;
  /**
   * blocks-of-32/Q8_0
   * @param from `usize`
   * @param rows `usize`
   * @param columns `usize`
   * @param importance `usize`
   * @param to `usize`
   * @param work `usize`
   */
  readonly Q8_0: (from: number, rows: number, columns: number, importance: number, to: number, work: number) => void;
  /**
   * uneven/IQ4_NL
   * @param from `usize`
   * @param rows `usize`
   * @param columns `usize`
   * @param importance `usize`
   * @param to `usize`
   * @param work `usize`
   */
  readonly IQ4_NL: (from: number, rows: number, columns: number, importance: number, to: number, work: number) => void;
  /**
   * uneven/IQ4_XS
   * @param from `usize`
   * @param rows `usize`
   * @param columns `usize`
   * @param importance `usize`
   * @param to `usize`
   * @param work `usize`
   */
  readonly IQ4_XS: (from: number, rows: number, columns: number, importance: number, to: number, work: number) => void;
  /**
   * floats/F32
   * @param from `usize`
   * @param rows `usize`
   * @param columns `usize`
   * @param importance `usize`
   * @param to `usize`
   * @param work `usize`
   */
  readonly F32: (from: number, rows: number, columns: number, importance: number, to: number, work: number) => void;
  /**
   * floats/F16
   * @param from `usize`
   * @param rows `usize`
   * @param columns `usize`
   * @param importance `usize`
   * @param to `usize`
   * @param work `usize`
   */
  readonly F16: (from: number, rows: number, columns: number, importance: number, to: number, work: number) => void;
  /**
   * floats/BF16
   * @param from `usize`
   * @param rows `usize`
   * @param columns `usize`
   * @param importance `usize`
   * @param to `usize`
   * @param work `usize`
   */
  readonly BF16: (from: number, rows: number, columns: number, importance: number, to: number, work: number) => void;
  /**
   * floats/areFinite
   * @param from `usize`
   * @param count `usize`
   * @returns `bool`
   */
  readonly areFinite: (from: number, count: number) => 0 | 1;
}

declare const wasm: KernelBytes<Kernels>;
export default wasm;
