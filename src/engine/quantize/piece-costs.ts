import type { Score } from "../sweep/score-graphs";
import { Layout } from "../wasm/layout";
import { growTo, loadKernels } from "../wasm/load-kernels";
import wasm, { type Kernels } from "./kernels/costs.wasm";

/** Rows of weights, in memory of the kernel that says what rounding them costs; until the next are put there. */
export interface PieceCosts {
  /** `Σ_ij importance_j · w_ij²` */
  readonly output: number;
  /**
   * Of rounded weights: `Σ importance_j · e²`, and the cost that `RoundingCosts` speaks of.
   * @param rounded of the same shape.
   */
  of(rounded: Float32Array): { readonly error: number; readonly cost: number };
}

let room: { readonly kernels: Kernels; readonly memory: WebAssembly.Memory } | undefined;

/**
 * Puts rows of weights beside the kernel.
 * @param weights `[rows, columns]`, as are their `scores`.
 * @param importance `[columns]`
 */
export function pieceCosts(
  score: Score,
  { weights, scores, importance }: Readonly<Record<"weights" | "scores" | "importance", Float32Array>>,
): PieceCosts {
  const columns = importance.length;
  const rows = weights.length / columns;
  const layout = new Layout();
  const sums = layout.place(2 * 8);
  const places = {
    importance: layout.place(4 * columns),
    weights: layout.place(4 * weights.length),
    scores: layout.place(4 * scores.length),
    rounded: layout.place(4 * weights.length),
  };
  room ??= loadKernels(wasm, 0);
  growTo(room.memory, layout.end);
  const { kernels, memory } = room;
  const put = (at: number, values: Float32Array): void => {
    new Float32Array(memory.buffer, at, values.length).set(values);
  };
  put(places.importance, importance);
  put(places.weights, weights);
  put(places.scores, scores);
  const sumOf = score === "activation" ? kernels.firstOrder : kernels.secondOrder;
  return {
    output: kernels.weightedSquares(places.weights, places.importance, rows, columns),
    of: (rounded) => {
      put(places.rounded, rounded);
      sumOf(places.weights, places.rounded, places.scores, places.importance, rows, columns, sums);
      const [error = NaN, cost = NaN] = new Float64Array(memory.buffer, sums, 2);
      return { error, cost };
    },
  };
}
