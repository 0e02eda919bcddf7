import type { TwoModelsRequest } from "../api";
import { largestBlock } from "../model/model";
import { budgetOf, planRequest } from "../run/run";
import { BASE_BYTES, firstThatFits, HEAD_BYTES, sweepPlans, type SweepPlan } from "../sweep/plan";

/** How either of two sweeps is cut, so that both and what is kept between them stay within the memory. */
export interface TwoModelsPlan {
  /** Of either sweep. */
  readonly plan: SweepPlan;
  /** Peak resident memory of both together, in bytes, and the least with which the run can be done. */
  readonly memory: number;
  readonly leastMemory: number;
}

/**
 * Plans two sweeps side by side: all that one takes twice, but for the runtime and the head, of which one is at work at a time, and
 * the first model's scores of a block.
 * @throws ParamscopeError with the figure that would do, when the memory allowed is too small.
 */
export function planTwoModels(request: Omit<TwoModelsRequest, "other">): TwoModelsPlan {
  const { model, set } = request;
  const sweeping = {
    samples: set.samples,
    units: [{ sets: [set.samples.map((_, i) => i)] }],
    reducers: [],
    // of either sweep a matrix of scores is kept, as top sets need them
    keepsMatrices: true,
  };
  const kept = 4 * largestBlock(model);
  const together = (memory: number): number => 2 * memory - BASE_BYTES - HEAD_BYTES + kept;
  const one = planRequest(request, sweeping);
  const plans = sweepPlans(one).map((plan) => ({ ...plan, memory: together(plan.memory), plan }));
  const { plan, memory } = firstThatFits(plans, budgetOf(request));
  return { plan, memory, leastMemory: Math.min(...plans.map((each) => each.memory)) };
}
