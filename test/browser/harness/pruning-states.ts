import type { PruningDocument } from "../../../src/engine/document/document";
import { commandLine } from "./states";

export function pruned(...args: readonly string[]): PruningDocument {
  return commandLine("prune", ...args, "--window", "64") as PruningDocument;
}

/** With a curve of two criteria, whose figures are made up. */
export function withCurve(document: PruningDocument): PruningDocument {
  const dense = document.perplexity?.dense ?? 20;
  const steepness = { magnitude: 9, wanda: 5 };
  return {
    ...document,
    curve: (["magnitude", "wanda"] as const).flatMap((criterion) =>
      Array.from({ length: 8 }, (_, i) => (i + 1) / 10).map((sparsity) => ({
        criterion,
        sparsity,
        perplexity: dense * Math.exp(steepness[criterion] * sparsity ** 3),
        agreement: 1 - sparsity ** 2,
        divergence: sparsity ** 3,
      })),
    ),
  };
}
