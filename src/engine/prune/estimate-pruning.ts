import type { Estimate, PruneRequest, RunOptions } from "../api";
import { blockBytes, guess } from "../estimate";
import { machineSpeed } from "../machine";
import type { Model } from "../model/model";
import { budgetOf, planRequest } from "../run";
import { openRuntime } from "../runtime/open-runtime";
import { leastMemory, planSweep } from "../sweep/plan";
import { calibrationSet } from "./calibration";
import { continuationMemory, planPruning } from "./plan";
import { costsOf } from "./costs";
import { evaluationOf, sizesOf } from "./prune";

/** What surrounds the products. */
const OVERHEAD = 1.3;
/** Passes over all parameters: expanding, choosing, counting. */
const PASSES = 5;

/**
 * What pruning would take, from sizes alone and the measurement of this machine.
 * @throws ParamscopeError as `prune` itself would, before it computes.
 */
export async function estimatePruning(request: PruneRequest): Promise<Estimate> {
  const { model } = request;
  const calibration = calibrationSet(request);
  const windows = request.evaluation && evaluationOf(request.evaluation, request);
  const budget = budgetOf(request);
  const plan = planPruning(sizesOf(request, calibration, windows), budget);
  const costs = costsOf(request, calibration.tokens, windows);
  const sweeps = costs.sweeps > 0 ? sweepMemory(request, calibration.samples) : { memory: 0, leastMemory: 0 };
  const continued = request.prompt === undefined ? 0 : continuationMemory(model);
  const reads = 1 + 2 * costs.sweeps + (windows === undefined ? 0 : 2) + (continued > 0 ? 2 : 0);
  return {
    samples: calibration.samples.length,
    tokens: calibration.tokens,
    seconds: guess(await pruningSeconds(request, costs.all, costs.predicted, 1)),
    memory: Math.max(plan.memory, sweeps.memory, continued <= budget ? continued : 0),
    leastMemory: Math.max(plan.memory, sweeps.leastMemory),
    diskRead: reads * blockBytes(model),
    spilled: plan.spilled,
  };
}

/**
 * @param costs of all parts, in tokens that pass through the model once
 * @param predicted tokens whose logits are formed, of the dense and a pruned model
 * @param prunings how often the model is pruned
 */
export async function pruningSeconds(
  options: RunOptions,
  costs: readonly number[],
  predicted: number,
  prunings: number,
): Promise<number> {
  const { model } = options;
  const { productFlops, reducedPerSecond } = await machineSpeed(await openRuntime(options));
  const products = (OVERHEAD * flopsOf(model, costs, predicted)) / productFlops;
  return products + (prunings * PASSES * model.scored) / reducedPerSecond;
}

/**
 * Its floating-point operations, without measuring the machine.
 * @throws ParamscopeError as `prune` itself would, for its texts.
 */
export function pruningFlops(request: PruneRequest): number {
  const windows = request.evaluation && evaluationOf(request.evaluation, request);
  const { all, predicted } = costsOf(request, calibrationSet(request).tokens, windows);
  return flopsOf(request.model, all, predicted);
}

function flopsOf(model: Model, costs: readonly number[], predicted: number): number {
  const products = 2 * model.scored * costs.reduce((sum, cost) => sum + cost, 0);
  const head = 2 * 2 * predicted * model.vocabularySize * model.hiddenSize;
  return products + head;
}

/** Of measuring densities, or scoring all weights. */
export function sweepMemory(
  request: PruneRequest,
  samples: ReturnType<typeof calibrationSet>["samples"],
): { readonly memory: number; readonly leastMemory: number } {
  const units = [{ sets: [samples.map((_, i) => i)] }];
  const sweep = planRequest(request, { samples, units, reducers: [], keepsMatrices: false });
  return { memory: planSweep(sweep).memory, leastMemory: leastMemory(sweep) };
}
