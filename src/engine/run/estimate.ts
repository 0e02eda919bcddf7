import type { Estimate, Model, RunOptions } from "../api";
import { answerLength } from "./answers";
import { machineSpeed } from "./machine";
import { planRequest, type Sweeping } from "./run";
import { blockTensor, parametersOf, type BlockPart } from "../model/model";
import { openRuntime } from "../runtime/open-runtime";
import { planSweep, type SweepPlan } from "../sweep/plan";
import { readsManyPositions, targetLength, type Target } from "../sweep/target";
import type { Sample } from "../text/sample";

/** Products per matrix and position: forward, recomputing, both sides of backward (DESIGN's 3.75), and what surrounds them. */
const PRODUCTS = 3.75;
const OVERHEAD = 1.3;
/** Passes over all scored parameters: expanding weights twice, reducing each set once. */
const EXPANSIONS = 2;
/** How far a guess may be off. */
export const guess = (seconds: number): [low: number, high: number] => [0.7 * seconds, 1.6 * seconds];

/** Seconds per parameter and sample that products of samples take. Measured on two cores. */
const PRODUCT_SECONDS = { plain: 0.3e-9, contrast: 2.2e-9 };

export interface EstimatedRun {
  readonly samples: readonly Sample[];
  readonly frequency?: boolean;
}

/**
 * What a run would take, from sizes alone and a measurement of this machine that is made once. Computes nothing of the run.
 * @throws ParamscopeError when the memory allowed is too small, as the run itself would.
 */
export async function estimate(options: RunOptions, run: EstimatedRun): Promise<Estimate> {
  const sweeping = sweepingOf(run);
  const request = planRequest(options, sweeping);
  const sets = sweeping.units.reduce((sum, unit) => sum + unit.sets.length, 0);
  const plan = planSweep(request);
  const cost = await estimateSweep(options, { lengths: request.lengths, plan, sets });
  return { ...cost, samples: run.samples.length, tokens: tokensOf(run.samples), leastMemory: plan.leastMemory };
}

export interface PlannedSweep {
  /** Ids per sample that is swept. */
  readonly lengths: readonly number[];
  readonly plan: SweepPlan;
  /** Sets whose scores are reduced. */
  readonly sets: number;
  /** Every expert is read on the way back, whether tokens go to it or not. */
  readonly eachExpert?: boolean;
  /** Samples are multiplied with each other. */
  readonly products?: "plain" | "contrast";
}

/** What a sweep would take that has been planned. */
export async function estimateSweep(
  options: RunOptions,
  { lengths: all, plan, sets, products: kind, eachExpert }: PlannedSweep,
): Promise<Estimate> {
  const { model, target } = options;
  const speed = await machineSpeed(await openRuntime(options));
  const more = answerLength(options);
  const lengths = all.map((length) => targetLength(length, target) + more);
  const positions = plan.batches.reduce((sum, { samples, tokens }) => sum + samples.length * tokens, 0);
  const layers = model.layers - (readsManyPositions(target) ? 0 : 0.75);
  const attended = lengths.reduce((sum, length) => sum + length * length, 0);
  const { queryHeads, headSize, hiddenSize, vocabularySize } = model.definition;
  const products = 2 * PRODUCTS * (passedByToken(model) / model.layers) * layers * positions;
  const attention = 2 * 2 * PRODUCTS * queryHeads * headSize * attended * layers;
  const headRows = headRowsOf(target, { positions, samples: lengths.length, answer: more });
  const head = 2 * headRows * hiddenSize * vocabularySize;
  const perParameter = (EXPANSIONS + 2 * sets) / speed.reducedPerSecond;
  const continued = target.kind === "answer" && target.text === undefined ? more * 2 * model.scored * positions : 0;
  const swept =
    (OVERHEAD * (products + attention + head + continued)) / speed.productFlops + perParameter * model.scored;
  const seconds = swept + (kind === undefined ? 0 : PRODUCT_SECONDS[kind] * model.scored * all.length);

  const reached = reachedBytes(
    model,
    lengths.reduce((sum, length) => sum + length, 0),
  );
  return {
    samples: all.length,
    tokens: all.reduce((sum, length) => sum + length, 0),
    seconds: guess(seconds),
    memory: plan.memory,
    leastMemory: plan.memory,
    diskRead:
      reached +
      (eachExpert ? blockBytes(model) : reached) +
      headBytes(options) * (readsManyPositions(target) || target.kind === "next-token" ? 2 : 1),
    ...(model.blocks.some(({ experts }) => experts.length > 0) && { diskReadAtMost: true }),
    spilled: plan.spill ? plan.checkpoints : 0,
  };
}

/** The scored parameters that a token passes: of a mixture those of the experts alone that it is routed to. */
function passedByToken({ blocks }: Model): number {
  return blocks.reduce((sum, { common, experts, definition }) => {
    const perToken = definition.experts?.perToken ?? 0;
    return sum + parametersOf(common.modules) + perToken * parametersOf(experts[0]?.modules ?? []);
  }, 0);
}

/** Positions at which the vocabulary's matrix is multiplied, each time counted. */
function headRowsOf(
  { kind }: Target,
  { positions, samples, answer }: Record<"positions" | "samples" | "answer", number>,
) {
  if (kind === "loss") return 3 * positions;
  return samples * (kind === "answer" ? 3 * answer : kind === "spread" ? 2 : 1);
}

/** What two runs take, one after the other. */
export function together(a: Estimate, b: Estimate): Estimate {
  return {
    ...a,
    samples: a.samples + b.samples,
    tokens: a.tokens + b.tokens,
    seconds: [a.seconds[0] + b.seconds[0], a.seconds[1] + b.seconds[1]],
    memory: Math.max(a.memory, b.memory),
    leastMemory: Math.max(a.leastMemory, b.leastMemory),
    diskRead: a.diskRead + b.diskRead,
    spilled: Math.max(a.spilled, b.spilled),
  };
}

/** What a run takes before which other texts are measured, once. */
export function withFirst(own: Estimate, first: Estimate, of: NonNullable<Estimate["once"]>["of"]): Estimate {
  return {
    ...own,
    once: { seconds: first.seconds, of },
    seconds: [own.seconds[0] + first.seconds[0], own.seconds[1] + first.seconds[1]],
    memory: Math.max(own.memory, first.memory),
    diskRead: own.diskRead + first.diskRead,
  };
}

export const tokensOf = (samples: readonly Sample[]): number => samples.reduce((sum, { ids }) => sum + ids.length, 0);

function sweepingOf({ samples, frequency = false }: EstimatedRun): Sweeping {
  const all = samples.map((_, i) => i);
  const units = [{ sets: [all] }, ...(frequency ? all.map((sample) => ({ sets: [[sample]] })) : [])];
  return { samples, units, reducers: [], keepsMatrices: frequency, statistics: 1 };
}

/** Bytes of all blocks on disk. */
export function blockBytes({ checkpoint, definition }: Model): number {
  let bytes = 0;
  for (const [name, tensor] of checkpoint.tensors) if (name.startsWith(`${definition.blocks}.`)) bytes += tensor.bytes;
  return bytes;
}

/** Bytes of all blocks on disk, of a mixture those of as many experts as so many tokens can go to: the largest of them. */
function reachedBytes(model: Model, tokens: number): number {
  const bytesOf = (layer: number, { weights }: BlockPart): number =>
    weights.reduce(
      (sum, { name }) => sum + (model.checkpoint.tensors.get(blockTensor(model, layer, name))?.bytes ?? 0),
      0,
    );
  return model.blocks.reduce((bytes, { experts, definition }, layer) => {
    const sizes = experts.map((expert) => bytesOf(layer, expert)).sort((a, b) => b - a);
    const others = sizes.slice(tokens * (definition.experts?.perToken ?? 0));
    return bytes - others.reduce((sum, size) => sum + size, 0);
  }, blockBytes(model));
}

function headBytes({ model }: RunOptions): number {
  return model.checkpoint.tensors.get(model.definition.head.weight)?.bytes ?? 0;
}
