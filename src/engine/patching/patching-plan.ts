import type { Estimate, PatchingRequest } from "../api";
import { guess, tokensOf } from "../run/estimate";
import { machineSpeed } from "../run/machine";
import { largestBlock, type Model } from "../model/model";
import { budgetOf } from "../run/run";
import { openRuntime } from "../runtime/open-runtime";
import { memoryError } from "../sweep/memory-error";
import { promptSamples } from "./prompts";

/** What Node, the runtime, the head's chunks and a block's inner tensors take. */
const BASE_BYTES = 300 * 2 ** 20;
/** What surrounds the products: attention, norms, copying states. */
const OVERHEAD = 1.5;

/** How a patching is cut so that it stays within its memory. */
export interface PatchingPlan {
  /** How many positions are patched at once, so that the states of their cells stay within the budget. */
  readonly positionsAtOnce: number;
  readonly passes: number;
  /** The bytes that it takes, and the least with which it can be done. */
  readonly memory: number;
  readonly leastMemory: number;
}

/**
 * How many positions are patched at once.
 * @param budget in bytes.
 * @throws ParamscopeError when it is too small for one.
 */
export function planPatching(model: Model, tokens: number, budget: number): PatchingPlan {
  const size = tokens * model.hiddenSize;
  const block = 4 * largestBlock(model);
  const kept = 4 * 2 * (model.layers + 1) * size;
  const perPosition = 4 * (model.layers + 2) * size;
  const passing = 4 * model.layers * size;
  const base = BASE_BYTES + block + kept + passing;
  const leastMemory = base + perPosition;
  if (budget < leastMemory)
    throw memoryError({
      what: `Patching ${tokens} tokens`,
      least: leastMemory,
      budget,
      otherwise: "give shorter prompts",
      settings: ["memory"],
    });
  const positionsAtOnce = Math.min(tokens, Math.floor((budget - base) / perPosition));
  return {
    positionsAtOnce,
    passes: Math.ceil(tokens / positionsAtOnce),
    memory: base + positionsAtOnce * perPosition,
    leastMemory,
  };
}

/**
 * How many multiplications and additions a patching takes: a cell of layer l passes the blocks behind it, half of all for every layer, with the tokens
 * from its position on, half of all again.
 * @throws ParamscopeError for prompts that the run would refuse before it computes.
 */
export function patchingFlops(request: PatchingRequest): number {
  const { layers, scored, hiddenSize, vocabularySize } = request.model;
  const [{ ids }] = promptSamples(request);
  const tokens = ids.length;
  const tokensThroughBlocks = 2 * layers * tokens + triangular(tokens) * triangular(layers);
  const blocks = 2 * (scored / layers) * tokensThroughBlocks;
  const head = 2 * hiddenSize * vocabularySize * (4 + tokens * layers);
  return blocks + head;
}

/**
 * What patching would take, from sizes alone and a measurement of this machine that is made once.
 * @throws ParamscopeError for prompts, and a memory, that the run would refuse.
 */
export async function estimatePatching(request: PatchingRequest): Promise<Estimate> {
  const { model } = request;
  const samples = promptSamples(request);
  const tokens = samples[0].ids.length;
  const { memory, leastMemory, passes } = planPatching(model, tokens, budgetOf(request));
  const { productFlops } = await machineSpeed(await openRuntime(request));
  const seconds = (OVERHEAD * patchingFlops(request)) / productFlops;
  const weights = [...model.checkpoint.tensors.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  return {
    samples: samples.length,
    tokens: tokensOf(samples),
    seconds: guess(seconds),
    memory,
    leastMemory,
    diskRead: (1 + passes) * weights,
    spilled: 0,
  };
}

/** The sum 1 + 2 + … + n: a cell of layer l passes the blocks from l on. */
export const triangular = (n: number): number => (n * (n + 1)) / 2;
