import { heldTogether, largestBlock, modulesOfKinds, mostBetween, type Model, type ScoredModule } from "../model/model";
import type { PruneCriterion } from "../api";
import { PART_POSITIONS } from "../sweep/block-batch";
import { memoryError } from "../sweep/memory-error";
import { HEAD_BYTES, BASE_BYTES } from "../sweep/plan";
import { usesInputs } from "./prune-blocks";

const MIB = 2 ** 20;
/** What the logits of two models for a chunk of the vocabulary take, with their exponentials and differences. */
export const COMPARED_BYTES = 6 * 16 * MIB;

/** The sizes on which the memory of a pruning depends. */
export interface PruneSizes {
  readonly model: Model;
  readonly criterion: PruneCriterion;
  /** Whether the outliers of its inputs are counted first. */
  readonly outliers?: boolean;
  /** The ids of each calibration sample, and of each window of the evaluation. */
  readonly calibration: readonly number[];
  readonly windows: readonly number[];
  /** Bytes of the dense model's hidden states of the windows, where they are known while the model is pruned. */
  readonly known?: number;
}

/** What a pruning takes. */
export interface PrunePlan {
  /** Bytes of the weights that stay, kept in a temporary file: with SparseGPT, which changes them. */
  readonly spilled: number;
  /** Peak resident memory to be expected, in bytes. */
  readonly memory: number;
}

/**
 * What a pruning takes, within its budget.
 * @param what takes it, for the error.
 * @throws ParamscopeError with the figure that would do, where a run takes more memory than the budget.
 */
export function planPruning(sizes: PruneSizes, budget: number, what = "Pruning"): PrunePlan {
  const memory = pruningMemory(sizes);
  if (memory > budget)
    throw memoryError({
      what,
      here: true,
      least: memory,
      budget,
      otherwise: "give less text",
      settings: ["memory", "window"],
    });
  return { spilled: sizes.criterion === "sparsegpt" ? 4 * sizes.model.scored : 0, memory };
}

/**
 * Peak resident memory to be expected, in bytes. What pruning and evaluating hold at a time is one block, the masks, the hidden
 * states of all samples, and with SparseGPT the products of a block's inputs.
 */
export function pruningMemory({
  model,
  criterion,
  outliers = false,
  calibration,
  windows,
  known = 0,
}: PruneSizes): number {
  const { hiddenSize, definition } = model;
  const modules = modulesOfKinds(model);
  const outputs = Math.max(...heldTogether(model).map((held) => sum(held.map((module) => module.out))));
  const widest = Math.max(...modules.map((module) => module.in));
  const largest = Math.max(...modules.map((module) => module.out * module.in));
  const inner = (lengths: readonly number[]): number => {
    const longest = Math.max(0, ...lengths);
    const part = Math.min(sum(lengths), Math.max(longest, PART_POSITIONS));
    return 4 * part * (3 * outputs + 8 * hiddenSize + 5 * definition.queryHeads * longest + mostBetween(model));
  };
  const statesOf = (lengths: readonly number[]): number => 4 * hiddenSize * sum(lengths);

  // the sums of a block's inputs, of one part of them, and the elimination of the widest
  const products = criterion === "sparsegpt" ? 4 * (2 * mostSquares(model) + 5 * widest ** 2) + 4 * largest : 0;
  const inputs = usesInputs(criterion) || outliers ? 3 * statesOf(calibration) + inner(calibration) + products : 0;
  // by magnitude a whole matrix is one group
  const group = criterion === "magnitude" ? 4 * largest : 0;
  const evaluating = windows.length > 0 ? 5 * statesOf(windows) + Math.max(inner(windows), COMPARED_BYTES) : 0;
  const block = 4 * largestBlock(model);
  return BASE_BYTES + HEAD_BYTES + block + model.scored / 8 + Math.max(known + inputs + group, evaluating);
}

/** The bytes with which a prompt can be continued: all weights of the blocks and of the vocabulary in memory. */
export function continuationMemory(model: Model): number {
  return BASE_BYTES + HEAD_BYTES + 4 * (model.scored + model.vocabularySize * model.hiddenSize) + model.scored / 8;
}

/** The sum Σ in² over the distinct inputs of a block's matrices, at most. */
function mostSquares(model: Model): number {
  const squares = (modules: readonly ScoredModule[]): number => sum(modules.map((module) => module.in ** 2));
  return Math.max(...heldTogether(model).map(squares));
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
