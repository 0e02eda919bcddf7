import type { Batch } from "./batch";

export interface SweepPlan {
  readonly batches: readonly Batch[];
  readonly tileBytes: number;
  readonly spill: boolean;
}
