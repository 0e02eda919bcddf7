import type { Estimate, PruneRequest } from "../api";
import { blockBytes } from "../estimate";
import { machineSpeed } from "../machine";
import type { Model } from "../model/model";
import { budgetOf, planRequest } from "../run";
import { openRuntime } from "../runtime/open-runtime";
import { leastMemory, planSweep } from "../sweep/plan";
import { calibrationSet } from "./calibration";
import { continuationMemory, planPruning } from "./plan";
import { costsOf, type RunCosts } from "./costs";
import { evaluationOf, sizesOf } from "./prune";

/** What surrounds the products. */
const OVERHEAD = 1.3;
/** Passes over all parameters: expanding, choosing, counting. */
const PASSES = 5;
/** How far the guess may be off. */
const LOW = 0.6;
const HIGH = 1.7;

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
  const speed = await machineSpeed(await openRuntime(request));

  const seconds =
    (OVERHEAD * flopsOf(model, costs)) / speed.productFlops + (PASSES * model.scored) / speed.reducedPerSecond;

  const sweeps = costs.sweeps > 0 ? sweepMemory(request, calibration.samples) : { memory: 0, leastMemory: 0 };
  const continued = request.prompt === undefined ? 0 : continuationMemory(model);
  const reads = 1 + 2 * costs.sweeps + (windows === undefined ? 0 : 2) + (continued > 0 ? 2 : 0);
  return {
    seconds: [LOW * seconds, HIGH * seconds],
    memory: Math.max(plan.memory, sweeps.memory, continued <= budget ? continued : 0),
    leastMemory: Math.max(plan.memory, sweeps.leastMemory),
    diskRead: reads * blockBytes(model),
    spilled: plan.spilled,
  };
}

/**
 * Its floating-point operations, without measuring the machine.
 * @throws ParamscopeError as `prune` itself would, for its texts.
 */
export function pruningFlops(request: PruneRequest): number {
  const windows = request.evaluation && evaluationOf(request.evaluation, request);
  return flopsOf(request.model, costsOf(request, calibrationSet(request).tokens, windows));
}

function flopsOf(model: Model, { all, predicted }: RunCosts): number {
  const products = 2 * model.scored * all.reduce((sum, cost) => sum + cost, 0);
  const head = 2 * 2 * predicted * model.vocabularySize * model.hiddenSize;
  return products + head;
}

function sweepMemory(
  request: PruneRequest,
  samples: ReturnType<typeof calibrationSet>["samples"],
): { readonly memory: number; readonly leastMemory: number } {
  const units = [{ sets: [samples.map((_, i) => i)] }];
  const sweep = planRequest(request, { samples, units, reducers: [], keepsMatrices: false });
  return { memory: planSweep(sweep).memory, leastMemory: leastMemory(sweep) };
}
