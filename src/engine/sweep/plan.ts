import { axisSize } from "../graph/graph";
import { kindsOfBlocks, largestBlock, modulesOfKinds, type Model, type ModelBlock } from "../model/model";
import { elementAt } from "../numbers/elements";
import { formBatches, placesIn, type Batch } from "./batch";
import { backwardGraph, holdingGraphs } from "./block-graphs";
import { PART_POSITIONS } from "./block-batch";
import { scattersBackground } from "./grams";
import { memoryError } from "./memory-error";
import { BINS_PER_OCTAVE } from "./reducers/histogram";
import type { Unit } from "./reducers/reducer";
import { targetLength, type Target } from "./target";
import { largestOf } from "../numbers/statistics";

/** How a run is cut so that it stays within its memory. */
export interface SweepPlan {
  readonly batches: readonly Batch[];
  /** What the gradients of a tile take, for all samples of a batch. */
  readonly tileBytes: number;
  /** Checkpoints go to a temporary file. */
  readonly spill: boolean;
  /** Gradients of all batches of a layer are held: contrast reads them twice, and else computes them twice. */
  readonly holdsGradients: boolean;
  /** What linear maps come to is held from the way forward to the way back, and not computed again. */
  readonly holds: boolean;
  /** Peak resident memory to be expected, in bytes. */
  readonly memory: number;
  /** Bytes of checkpoints. */
  readonly checkpoints: number;
}

/** The fastest plan that the memory allows. */
export interface ChosenPlan extends SweepPlan {
  /** The least memory with which the run could be done, in bytes. */
  readonly leastMemory: number;
}

export interface PlanRequest {
  readonly model: Model;
  /** Ids per sample. */
  readonly lengths: readonly number[];
  readonly target: Target;
  readonly units: readonly Unit[];
  /** Reducers keep one matrix of scores per set of the units under way. */
  readonly keepsMatrices: boolean;
  /** Sets of which the statistics of every matrix are kept to the end. */
  readonly statistics?: number;
  /** Products of samples are formed, with or without contrast. */
  readonly products?: "plain" | "contrast";
  /** Bytes that are held beside the sweep, for what its observers keep. */
  readonly beside?: number;
  /** Bytes. */
  readonly budget: number;
}

const MIB = 2 ** 20;
/** Positions of a batch: matrix products gain nothing from more, and everything that is held per position grows. */
const POSITIONS = 2048;
/**
 * A tile stays in the processor's last-level cache. Measured on SmolLM2, 16 texts of 128 tokens, processor time against 8 MiB:
 * 2 MiB 11 % more, 4 MiB 3 % more, 20 MiB 1 % less and 100 MiB more resident memory.
 */
const TILE_BYTES = [8 * MIB, 4 * MIB] as const;
const SMALLEST_TILE_BYTES = MIB;
/**
 * So much of a run is held between the ways at most, and else nothing: a short text in a small model. Measured on SmolLM2 in six rounds by turns: of 128
 * tokens 4 % less processor time in the median, and not in every round; of 512 tokens, or 16 texts of 128, nothing for 200 MiB more.
 */
const HELD_BYTES = 96 * MIB;
/** Node with the runtime loaded and its code warm. */
export const BASE_BYTES = 150 * MIB;
/** The bins of a histogram between the empty ones: of 24 octaves. */
const HISTOGRAM_BYTES = 4 * 24 * BINS_PER_OCTAVE;
/** Chunks of the vocabulary, their logits and gradients, and buffers to read with. */
export const HEAD_BYTES = 64 * MIB;

/**
 * Chooses batches, tiles and the place of the checkpoints: as fast as the budget allows.
 * @throws ParamscopeError with the figure that would do, when the least that the run needs is more than the budget.
 */
export function planSweep(request: PlanRequest): ChosenPlan {
  const plans = sweepPlans(request);
  return { ...firstThatFits(plans, request.budget), leastMemory: leastOf(plans) };
}

/** @throws ParamscopeError where none of the plans, from the fastest to the smallest, fits. */
export function firstThatFits<Plan extends SweepPlan>(plans: readonly Plan[], budget: number): Plan {
  const plan = plans.find(({ memory }) => memory <= budget);
  if (plan !== undefined) return plan;
  const settings = ["memory", "window"] as const;
  throw memoryError({ what: "This run", least: leastOf(plans), budget, otherwise: "a smaller window", settings });
}

const leastOf = (plans: readonly SweepPlan[]): number => Math.min(...plans.map(({ memory }) => memory));

/** All plans of a run, from the fastest to the smallest. */
export function sweepPlans(request: PlanRequest): SweepPlan[] {
  const lengths = effectiveLengths(request);
  const longest = largestOf(lengths);
  const together = withoutOverlaps(
    request.units
      // one set of all samples is added up batch by batch; several are multiplied with each other, which is faster tile by tile
      .filter(({ sets }) => sets.length > 1 || sets.flat().length < lengths.length)
      .map(({ sets }) => sets.flat())
      .filter((samples) => samples.length > 1),
  );
  const sizes = sizesOf(request.model);
  const plans: SweepPlan[] = [];
  for (let positions = POSITIONS; ; positions /= 2) {
    plans.push(...planBatches(request, formBatches(lengths, positions, together), sizes));
    if (positions <= longest) break;
  }
  const smallest = cutOf(request, formBatches(lengths, longest, together), sizes);
  plans.push(planOf(request, smallest, { tileBytes: SMALLEST_TILE_BYTES, spill: true }));
  return plans;
}

/** The groups of samples of which none is in a group before. */
function withoutOverlaps(groups: readonly (readonly number[])[]): (readonly number[])[] {
  const seen = new Set<number>();
  return groups.filter((samples) => {
    const isApart = !samples.some((sample) => seen.has(sample));
    for (const sample of samples) seen.add(sample);
    return isApart;
  });
}

/** The plans of a run that is cut into these batches, from the fastest to the smallest. */
export function planBatches(
  request: PlanRequest,
  batches: readonly Batch[],
  sizes = sizesOf(request.model),
): SweepPlan[] {
  const holdsGradients = request.products === "contrast" && scattersBackground(batches) ? [true, false] : [false];
  const cut = cutOf(request, batches, sizes);
  // what is written to a file for want of memory is not held
  const mayHold = cut.held <= HELD_BYTES ? [true, false] : [false];
  return holdsGradients.flatMap((holdsGradients) =>
    [false, true].flatMap((spill) =>
      TILE_BYTES.flatMap((tileBytes) =>
        (spill ? [false] : mayHold).map((holds) => planOf(request, cut, { tileBytes, spill, holdsGradients, holds })),
      ),
    ),
  );
}

/** A run's batches, and what all plans of them have in common. */
interface CutRun {
  readonly batches: readonly Batch[];
  readonly spread: Spread;
  /** Bytes per batch. */
  readonly workspaces: readonly number[];
  /** Of all batches, padding counted. */
  readonly positions: number;
  /** Bytes of what can be held between the ways. */
  readonly held: number;
}

function cutOf({ units }: PlanRequest, batches: readonly Batch[], { workspace, heldPerPosition }: Sizes): CutRun {
  const positions = batches.reduce((sum, { samples, tokens }) => sum + samples.length * tokens, 0);
  return {
    batches,
    spread: spreadOver(batches, units),
    workspaces: batches.map(workspace),
    positions,
    held: positions * heldPerPosition,
  };
}

const effectiveLengths = ({ lengths, target }: PlanRequest): number[] =>
  lengths.map((length) => Math.min(length, targetLength(length, target)));

interface Means {
  readonly tileBytes: number;
  readonly spill: boolean;
  readonly holdsGradients?: boolean;
  /** Whether what linear maps come to is held between the ways. */
  readonly holds?: boolean;
}

function planOf(
  request: PlanRequest,
  { batches, spread: { setsOf, scattered }, workspaces, positions: all, held: heldBetween }: CutRun,
  { tileBytes, spill, holdsGradients = false, holds = false }: Means,
): SweepPlan {
  const { model, keepsMatrices, statistics = 0, products, beside = 0 } = request;
  const checkpoints = 4 * model.layers * all * model.hiddenSize;

  const block = 4 * largestBlock(model);
  const modules = modulesOfKinds(model);
  const largest = 4 * Math.max(...modules.map((module) => module.out * module.in));
  const means = products === "contrast" && scattersBackground(batches) ? 1 : 0;
  const partial = block * (scattered + means);
  // gradients and weighted gradients; with contrast also their ratios to the mean and the logarithms
  const tilesAtOnce = products === "contrast" ? 4 : 2;
  const perBatch = largestOf(
    batches.map((batch, index) => {
      const sets = elementAt(setsOf, index);
      const tile = Math.max(tileBytes, 4 * batch.samples.length * Math.max(...modules.map((module) => module.in)));
      const tiles = tilesAtOnce * tile + 2 * (tile / batch.samples.length) * sets;
      return (holdsGradients ? 0 : elementAt(workspaces, index)) + tiles + (keepsMatrices ? largest * sets : 0);
    }),
  );
  const held = holdsGradients ? workspaces.reduce((sum, bytes) => sum + bytes, 0) : 0;
  const memory =
    BASE_BYTES +
    beside +
    held +
    (holds ? heldBetween : 0) +
    HEAD_BYTES +
    block +
    partial +
    perBatch +
    // hidden states on their way, before and behind a block
    3 * 4 * all * model.hiddenSize +
    4 * all * routedPerPosition(model) +
    // and their gradients
    4 * all * 2 * model.blocks.reduce((sum, { lent }) => sum + lent, 0) +
    (spill ? 0 : checkpoints) +
    statistics * statisticsOf(model) +
    (keepsMatrices ? block / 2 : 0);
  return { batches, tileBytes, spill, holdsGradients, holds, memory, checkpoints };
}

/** What can be held of each position of a block; nothing of one whose experts decide anew. */
function heldBytes({ hiddenSize }: Model, { experts, definition }: ModelBlock): number {
  if (experts.length > 0) return 0;
  const { held } = holdingGraphs({ hiddenSize, block: definition }, false);
  return [...held.values()].reduce((sum, { shape }) => sum + 4 * Number(axisSize(shape, -1)), 0);
}

/** What is kept of a set: of every matrix, of a mixture every expert's, sums of rows and columns and the parts of rows, and of each part a histogram. */
function statisticsOf({ blocks }: Model): number {
  return blocks.reduce(
    (all, { modules, definition: { fused } }) =>
      modules.reduce(
        (sum, { name, out, in: width }) =>
          sum + 8 * (out + width) + out + HISTOGRAM_BYTES * (fused?.[name]?.length ?? 1),
        all,
      ),
    0,
  );
}

/** What is kept of each position while a block's experts compute: what enters them, what they add up to, gradients of both, and their weights. */
function routedPerPosition(model: Model): number {
  const experts = Math.max(...kindsOfBlocks(model).map((block) => block.experts.length));
  return experts === 0 ? 0 : 5 * model.hiddenSize + 3 * experts;
}

interface Spread {
  /** How many sets have a sample in each batch. */
  readonly setsOf: readonly number[];
  /** How many sets are of units that no batch holds wholly. */
  readonly scattered: number;
}

/** Takes as long as there are samples. */
function spreadOver(batches: readonly Batch[], units: readonly Unit[]): Spread {
  const places = placesIn(batches);
  const setsOf = batches.map(() => 0);
  let scattered = 0;
  for (const { sets } of units) {
    const shared = new Map<number, number>();
    let samples = 0;
    for (const set of sets) {
      const touched = new Set<number>();
      for (const sample of set) {
        samples++;
        for (const { batch } of places.get(sample) ?? []) {
          touched.add(batch);
          shared.set(batch, (shared.get(batch) ?? 0) + 1);
        }
      }
      for (const batch of touched) setsOf[batch] = elementAt(setsOf, batch) + 1;
    }
    if (![...shared.values()].includes(samples)) scattered += sets.length;
  }
  return { setsOf, scattered };
}

/** Bytes that a model's blocks take. */
interface Sizes {
  /** What a block's backward graph gives for a batch, and the tensors in between of the part that passes at once: of the kind with the most. */
  readonly workspace: (batch: Batch) => number;
  /** What can be held of a position of all layers. */
  readonly heldPerPosition: number;
}

function sizesOf(model: Model): Sizes {
  const kinds = kindsOfBlocks(model);
  const workspaces = kinds.map((block) => blockWorkspace(model, block));
  const held = new Map(kinds.map((block) => [block, heldBytes(model, block)]));
  return {
    workspace: (batch) => Math.max(...workspaces.map((bytes) => bytes(batch))),
    heldPerPosition: model.blocks.reduce((sum, block) => sum + (held.get(block) ?? 0), 0),
  };
}

function blockWorkspace(model: Model, block: ModelBlock): (batch: Batch) => number {
  const { hiddenSize, definition } = model;
  const { inputOf } = backwardGraph({ hiddenSize, block: block.definition }, false);
  const distinct = new Set(inputOf.values());
  const [expert] = block.experts;
  const held = [...block.common.modules, ...(expert?.modules ?? [])];
  const inputs = held
    .filter((module) => distinct.has(`x.${module.name}`) || expert?.modules.includes(module))
    .reduce((sum, module) => sum + module.in, 0);
  const outputs = held.reduce((sum, module) => sum + module.out, 0);
  const { between = 0 } = block.definition;
  return ({ samples, tokens }) => {
    const part = Math.min(samples.length * tokens, Math.max(tokens, PART_POSITIONS));
    const inner = 3 * outputs + 8 * hiddenSize + 5 * definition.queryHeads * tokens + between;
    return 4 * (samples.length * tokens * (inputs + outputs + hiddenSize) + part * inner);
  };
}
