import { mean } from "../numbers/statistics";
import type { PruneAllocation, PrunePattern } from "./options";

/** The most that is removed of a layer. */
export const MOST_SPARSITY = 0.95;
/** How far the layers' sparsities may lie from their mean, λ. */
const STRENGTH = 0.08;
/** The difference of densities that are equal: below it is rounding, which would be blown up to λ. */
const EQUAL = 1e-9;
const STABLE = 1e-12;
const MOST_ROUNDS = 10_000;

/** How much of each layer goes. */
export interface Allocation {
  /** The share of each layer's parameters to remove; their mean is the sparsity asked for. */
  readonly sparsities: readonly number[];
  /** How many layers would lose less than nothing or more than `MOST_SPARSITY`, and were held there; none where nothing is to go. */
  readonly atBounds: number;
}

/**
 * How much of each layer goes. Cheap: a view may ask with every move of a slider.
 * @param densities per layer, as an analysis of the calibration texts has them; undefined: they are not known, or not wanted
 */
export function planSparsities(
  layers: number,
  densities: readonly number[] | undefined,
  {
    sparsity,
    allocation,
    pattern,
  }: { readonly sparsity: number; readonly allocation: PruneAllocation; readonly pattern?: PrunePattern },
): Allocation {
  // a pattern takes the same of every group of inputs, so of every layer
  if (pattern !== undefined) return uniformAllocation(layers, pattern.pruned / pattern.of);
  if (allocation === "uniform" || densities === undefined) return uniformAllocation(layers, sparsity);
  return activationAllocation(densities, sparsity);
}

/** The allocation in which every layer loses the same share. */
export function uniformAllocation(layers: number, sparsity: number): Allocation {
  return { sparsities: new Array<number>(layers).fill(sparsity), atBounds: 0 };
}

/** Whether no layer activates more densely than another. */
export function areAsDense(densities: readonly number[]): boolean {
  return spreadOf(densities) < EQUAL;
}

/** How far the density that is furthest from the mean is from it. */
function spreadOf(densities: readonly number[]): number {
  const center = mean(densities);
  return Math.max(...densities.map((density) => Math.abs(center - density)));
}

/**
 * The allocation in which layers that activate densely keep more (Wang et al., section 5): `S_l = S + λ·(d̄ − d_l) / max|d̄ − d|`, clamped and shifted
 * to a mean of S until both hold. All layers of a model have equally many parameters, so the mean is that of the parameters.
 * @param densities per layer the share of its parameters that is active
 */
export function activationAllocation(densities: readonly number[], sparsity: number): Allocation {
  if (sparsity === 0 || areAsDense(densities)) return uniformAllocation(densities.length, sparsity);
  const center = mean(densities);
  const spread = spreadOf(densities);
  let sparsities = densities.map((density) => sparsity + (STRENGTH * (center - density)) / spread);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const shift = sparsity - mean(sparsities);
    sparsities = sparsities.map((share) => Math.min(MOST_SPARSITY, Math.max(0, share + shift)));
    if (Math.abs(sparsity - mean(sparsities)) < STABLE) break;
  }
  return { sparsities, atBounds: sparsities.filter((share) => share < EQUAL || share > MOST_SPARSITY - EQUAL).length };
}
