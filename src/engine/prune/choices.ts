import type { PrunePattern, PruningChoices, RunOptions } from "../api";
import { modulesOfKinds, type Model, type ScoredModule } from "../model/model";
import { budgetOf } from "../run/run";
import { continuationMemory } from "./plan";

/** The patterns that processors have sparse products for. */
const USUAL_PATTERNS: readonly PrunePattern[] = [
  { pruned: 2, of: 4 },
  { pruned: 4, of: 8 },
];

/** What of pruning can be offered for a model, with the memory that a run may use. */
export function pruningChoices({ model, memory }: Pick<RunOptions, "model" | "memory">): PruningChoices {
  return {
    patterns: USUAL_PATTERNS.filter((pattern) => oddModule(model, pattern) === undefined),
    continuationMemory: continuationMemory(model),
    budget: budgetOf({ memory }),
  };
}

/** The first matrix whose inputs a pattern's groups do not divide. */
export function oddModule(model: Model, { of }: PrunePattern): ScoredModule | undefined {
  return modulesOfKinds(model).find((module) => module.in % of !== 0);
}
