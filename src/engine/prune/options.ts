/* Apart from the rest of the interface, so that browser code may know them. */

/** The measure by which the weights that go are chosen. */
export type PruneCriterion = "magnitude" | "wanda" | "activation" | "sparsegpt";

/**
 * How the sparsity is spread over the layers: evenly; so that layers that activate densely keep more; so that those keep more which have more
 * outliers (OWL); or as it is given.
 */
export type PruneAllocation = "uniform" | "activation" | "owl" | "given";

/** A pattern of what goes: `pruned` of every `of` consecutive inputs of a row, as processors with sparse products want it. */
export interface PrunePattern {
  readonly pruned: number;
  readonly of: number;
}

/** What a model allows of pruning, before anything is computed. */
export interface PruningChoices {
  /** The usual patterns that its matrices' inputs can be divided by. */
  readonly patterns: readonly PrunePattern[];
  /** The bytes with which a prompt can be continued, all weights in memory, and what a run may use. */
  readonly continuationMemory: number;
  readonly budget: number;
}

/** What decides whether texts are needed. */
interface Calibrated {
  readonly criterion: PruneCriterion;
  readonly allocation: PruneAllocation;
  readonly pattern?: PrunePattern;
  /** Densities of layers that are known already. */
  readonly densities?: unknown;
}

/** Whether the sparsity follows densities that are not known yet. */
export function measuresDensities({ allocation, pattern, densities }: Omit<Calibrated, "criterion">): boolean {
  return allocation === "activation" && pattern === undefined && densities === undefined;
}

/** Whether the sparsity follows outliers. */
export function measuresOutliers({ allocation, pattern }: Pick<Calibrated, "allocation" | "pattern">): boolean {
  return allocation === "owl" && pattern === undefined;
}

/** Whether layers may lose different shares. */
export function isUneven({
  allocation,
  pattern,
  sparsity,
}: { readonly sparsity: number } & Pick<Calibrated, "allocation" | "pattern">): boolean {
  return allocation !== "uniform" && pattern === undefined && sparsity > 0;
}

/** Whether the texts themselves have a say in what goes; densities that came with them have theirs besides. */
export function isCalibrated(method: Calibrated): boolean {
  return method.criterion !== "magnitude" || measuresDensities(method) || measuresOutliers(method);
}
