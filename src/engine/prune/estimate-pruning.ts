import type { Estimate, PruneRequest, RunOptions } from "../api";
import { blockBytes, guess } from "../run/estimate";
import { machineSpeed } from "../run/machine";
import type { Model } from "../model/model";
import { planRequest } from "../run/run";
import { openRuntime } from "../runtime/open-runtime";
import { planSweep } from "../sweep/plan";
import type { CalibrationSet } from "./calibration";
import { continuationMemory } from "./plan";
import { prepareRun, type PreparedRun } from "./prepare";

/** The factor for what surrounds the products. */
const OVERHEAD = 1.3;
/** How many passes over all parameters pruning takes: expanding, choosing, counting. */
const PASSES = 5;

/**
 * What pruning would take, from sizes alone and the measurement of this machine.
 * @param times how often such a run comes, one after the other: what the first leaves known the others do not compute.
 * @throws ParamscopeError as `prune` itself would, before it computes.
 */
export async function estimatePruning(request: PruneRequest, times = 1): Promise<Estimate> {
  const { model } = request;
  const prepared = prepareRun(request);
  const { calibration, windows, known, budget, plan, costs } = prepared;
  const sweeps = costs.sweeps > 0 ? sweepMemory(request, calibration.samples) : { memory: 0, leastMemory: 0 };
  const continued = request.prompt === undefined ? 0 : continuationMemory(model);
  const evaluated = windows === undefined ? 0 : known.states === undefined ? 2 : 1;
  const reads = 1 + 2 * costs.sweeps + evaluated + costs.continuations;
  return {
    samples: calibration.samples.length,
    tokens: calibration.tokens,
    seconds: guess(await pruningSeconds(request, ...costsOfAll(prepared, times), times)),
    memory: Math.max(plan.memory, sweeps.memory, continued <= budget ? continued : 0),
    leastMemory: Math.max(plan.memory, sweeps.leastMemory),
    diskRead: reads * blockBytes(model),
    spilled: plan.spilled,
    notes: calibration.notes,
  };
}

/**
 * How long prunings take.
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
 * The floating-point operations of a pruning, without measuring the machine.
 * @throws ParamscopeError as `prune` itself would, before it computes.
 */
export function pruningFlops(request: PruneRequest, times = 1): number {
  return flopsOf(request.model, ...costsOfAll(prepareRun(request), times));
}

/** The costs of so many runs, and the tokens whose logits they form. */
function costsOfAll({ costs, costsAgain }: PreparedRun, times: number): [costs: readonly number[], predicted: number] {
  return [[...costs.all, ...costsAgain.all.map((cost) => (times - 1) * cost)], times * costs.predicted];
}

function flopsOf(model: Model, costs: readonly number[], predicted: number): number {
  const products = 2 * model.scored * costs.reduce((sum, cost) => sum + cost, 0);
  const head = 2 * 2 * predicted * model.vocabularySize * model.hiddenSize;
  return products + head;
}

/** The memory, in bytes, of measuring densities or scoring all weights. */
export function sweepMemory(
  request: PruneRequest,
  samples: CalibrationSet["samples"],
): { readonly memory: number; readonly leastMemory: number } {
  const units = [{ sets: [samples.map((_, i) => i)] }];
  return planSweep(planRequest(request, { samples, units, reducers: [], keepsMatrices: false }));
}
