import type { AblationRequest, Estimate } from "../api";
import { largestBlock } from "../model/model";
import { COMPARED_BYTES } from "../prune/plan";
import { guess } from "../run/estimate";
import { machineSpeed } from "../run/machine";
import { budgetOf } from "../run/run";
import { openRuntime } from "../runtime/open-runtime";
import { PART_POSITIONS } from "../sweep/block-batch";
import { innerBytes } from "../sweep/inner-bytes";
import { memoryError } from "../sweep/memory-error";
import { BASE_BYTES, HEAD_BYTES } from "../sweep/plan";
import { sideOf, type PlaceSide } from "./place-side";

/** What surrounds the products: attention, norms, copying states. */
const OVERHEAD = 1.5;

/**
 * The bytes that an ablation takes.
 * @throws ParamscopeError where that is more than it may.
 */
export function planAblation(request: Pick<AblationRequest, "model" | "ids" | "memory">, side: PlaceSide): number {
  const { model, ids } = request;
  const runs = 2 + side.peers.length;
  const states = 3 * 4 * runs * ids.length * model.hiddenSize;
  const inner = innerBytes(model, Math.max(ids.length, Math.min(PART_POSITIONS, runs * ids.length)), ids.length);
  const memory = BASE_BYTES + HEAD_BYTES + 4 * largestBlock(model) + states + Math.max(inner, COMPARED_BYTES);
  const budget = budgetOf(request);
  if (memory > budget)
    throw memoryError({
      what: "Taking weights away",
      here: true,
      least: memory,
      budget,
      otherwise: "give less text",
      settings: ["memory", "window"],
    });
  return memory;
}

/**
 * How many multiplications and additions an ablation takes.
 * @throws ParamscopeError where the model has no such place.
 */
export function ablationFlops({ model, ids, place }: Pick<AblationRequest, "model" | "ids" | "place">): number {
  const runs = 2 + sideOf(model, place).peers.length;
  const passes = place.layer + runs * (model.layers - place.layer);
  // the likeliest tokens of two runs, and two distributions of every run but the whole one
  const head = 2 * (2 + 2 * (runs - 1)) * model.hiddenSize * model.vocabularySize;
  return 2 * (model.scored / model.layers) * ids.length * passes + head;
}

/**
 * What an ablation would take, from sizes alone and a measurement of this machine that is made once.
 * @throws ParamscopeError as the run would, before it computes.
 */
export async function estimateAblation(request: AblationRequest): Promise<Estimate> {
  const { model, ids, place } = request;
  const memory = planAblation(request, sideOf(model, place));
  const { productFlops } = await machineSpeed(await openRuntime(request));
  const weights = [...model.checkpoint.tensors.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  return {
    samples: 1,
    tokens: ids.length,
    seconds: guess((OVERHEAD * ablationFlops(request)) / productFlops),
    memory,
    leastMemory: memory,
    diskRead: weights,
    spilled: 0,
  };
}
