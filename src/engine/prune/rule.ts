import type { PrunePattern } from "../api";
import type { ScoredModule } from "../model/model";
import type { BitMask } from "./bit-mask";
import { markSmallest, markSmallestOfEvery, markSmallestOfRows } from "./smallest";

/** How much of a layer's matrices goes: a share, or n of every m consecutive inputs. */
export interface LayerRule {
  readonly sparsity: number;
  readonly pattern: PrunePattern | undefined;
}

/**
 * Marks what goes of rows of a matrix that are each a group. `metrics` are `[rows, in]`; the least important go.
 * @param factors `[in]`, which the metrics are still to be multiplied by
 */
export function markRows(
  { pattern, sparsity }: LayerRule,
  { in: columns }: ScoredModule,
  metrics: Float32Array,
  firstRow: number,
  mask: BitMask,
  factors?: Float32Array,
): void {
  const place = firstRow * columns;
  if (pattern === undefined) {
    markSmallestOfRows(metrics, columns, Math.floor(columns * sparsity), mask, place, factors);
    return;
  }
  for (let at = 0; at < metrics.length; at += columns) {
    const row = metrics.subarray(at, at + columns);
    markSmallestOfEvery(pattern, factors ? row.map((value, i) => value * (factors[i] ?? 0)) : row, mask, place + at);
  }
}

/** Marks what goes of a matrix that is one group. */
export function markMatrix(rule: LayerRule, module: ScoredModule, metrics: Float32Array, mask: BitMask): void {
  if (rule.pattern === undefined) markSmallest(metrics, Math.floor(metrics.length * rule.sparsity), mask, 0);
  else markRows(rule, module, metrics, 0, mask);
}
