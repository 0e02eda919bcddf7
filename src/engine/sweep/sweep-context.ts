import type { BlockRunner } from "./block-runner";
import type { SweepPlan } from "./plan";
import type { RunContext } from "./run-context";
import type { Workspace } from "./workspace";

/** What every part of a sweep works with. */
export interface SweepContext extends RunContext {
  readonly plan: SweepPlan;
  /** Runs the blocks; the weights of the one that is swept are loaded. */
  readonly blocks: BlockRunner;
  readonly workspace: Workspace;
  readonly signal?: AbortSignal;
}
