import type { PruningDocument } from "../../../src/engine/document/document";
import { perplexityOf } from "../../../src/engine/prune/window-losses";
import { commandLine } from "./states";

export function pruned(...args: readonly string[]): PruningDocument {
  return commandLine("prune", ...args, "--window", "64") as PruningDocument;
}

/** With a curve of two criteria, whose figures are made up: more in every window, and in each a little differently. */
export function withCurve(document: PruningDocument): PruningDocument {
  const { tokens, dense } = document.perplexity?.losses ?? { tokens: [7, 7, 7], dense: [3, 3.5, 2.5] };
  const steepness = { magnitude: 9, wanda: 5 };
  const losses = (more: number): number[] => dense.map((loss, window) => loss + more * (1 + 0.01 * window));
  return {
    ...document,
    curve: (["magnitude", "wanda"] as const).flatMap((criterion) =>
      Array.from({ length: 8 }, (_, i) => (i + 1) / 10).map((sparsity) => ({
        criterion,
        sparsity,
        perplexity: perplexityOf(losses(steepness[criterion] * sparsity ** 3), tokens),
        agreement: 1 - sparsity ** 2,
        divergence: sparsity ** 3,
        losses: losses(steepness[criterion] * sparsity ** 3),
      })),
    ),
  };
}
