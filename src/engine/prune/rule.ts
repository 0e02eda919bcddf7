import type { PrunePattern } from "../api";
import type { ScoredModule } from "../model/model";
import type { BitMask } from "./bit-mask";
import { markSmallest, markSmallestOfEvery } from "./smallest";

/** How much of a layer's matrices goes: a share, or n of every m consecutive inputs. */
export interface LayerRule {
  readonly sparsity: number;
  readonly pattern: PrunePattern | undefined;
}

/** Marks what goes of rows of a matrix that are each a group. `metrics` are `[rows, in]`; the least important go. */
export function markRows(
  rule: LayerRule,
  { in: columns }: ScoredModule,
  metrics: Float32Array,
  firstRow: number,
  mask: BitMask,
): void {
  for (let at = 0; at < metrics.length; at += columns) {
    const row = metrics.subarray(at, at + columns);
    const place = firstRow * columns + at;
    if (rule.pattern === undefined) markSmallest(row, Math.floor(columns * rule.sparsity), mask, place);
    else markSmallestOfEvery(rule.pattern, row, mask, place);
  }
}

/** Marks what goes of a matrix that is one group. */
export function markMatrix(rule: LayerRule, module: ScoredModule, metrics: Float32Array, mask: BitMask): void {
  if (rule.pattern === undefined) markSmallest(metrics, Math.floor(metrics.length * rule.sparsity), mask, 0);
  else markRows(rule, module, metrics, 0, mask);
}
