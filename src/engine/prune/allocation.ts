import { mean } from "../numbers/statistics";
import { defaults } from "../run/defaults";
import type { PruneAllocation, PrunePattern } from "./options";

/** The most that is removed of a layer. */
export const MOST_SPARSITY = 0.95;
/** The difference of shares that are equal: below it is rounding, which would be blown up to λ. */
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

/** What is known of the layers, shallowest first: what an allocation needs of it. */
export interface KnownOfLayers {
  /** The share of each layer's parameters that is active, as an analysis of the calibration texts has it. */
  readonly densities?: readonly number[];
  /** The share of each layer's parameters that are outliers, `outlierShares`. */
  readonly outliers?: readonly number[];
}

/** How much of a model goes, and how that is spread. */
export interface Spread {
  readonly sparsity: number;
  readonly allocation: PruneAllocation;
  readonly pattern?: PrunePattern;
  /** How far layers may lie from their mean, λ. */
  readonly strength?: number;
  /** Of `given`: a sparsity for each layer. */
  readonly sparsities?: readonly number[];
}

/** How much of each layer goes. Cheap: a view may ask with every move of a slider. */
export function planSparsities(layers: number, { densities, outliers }: KnownOfLayers, spread: Spread): Allocation {
  const { sparsity, allocation, pattern, strength = defaults.pruning.strength, sparsities } = spread;
  // a pattern takes the same of every group of inputs, so of every layer
  if (pattern !== undefined) return uniformAllocation(layers, pattern.pruned / pattern.of);
  if (allocation === "activation" && densities !== undefined)
    return activationAllocation(densities, sparsity, strength);
  if (allocation === "owl" && outliers !== undefined) return outlierAllocation(outliers, sparsity, strength);
  if (allocation === "given" && sparsities !== undefined) return withMean(sparsities, sparsity);
  return uniformAllocation(layers, sparsity);
}

/** The allocation in which every layer loses the same share. */
export function uniformAllocation(layers: number, sparsity: number): Allocation {
  return { sparsities: new Array<number>(layers).fill(sparsity), atBounds: 0 };
}

/** Whether no layer has more of something, such as density, than another. */
export function areAlike(shares: readonly number[]): boolean {
  return spreadOf(shares) < EQUAL;
}

/** How far the density that is furthest from the mean is from it. */
function spreadOf(densities: readonly number[]): number {
  const center = mean(densities);
  return Math.max(...densities.map((density) => Math.abs(center - density)));
}

/**
 * The allocation in which layers that activate densely keep more (Wang et al., section 5): `S_l = S + λ·(d̄ − d_l) / max|d̄ − d|`.
 * @param densities per layer the share of its parameters that is active
 */
export function activationAllocation(densities: readonly number[], sparsity: number, strength: number): Allocation {
  if (sparsity === 0 || areAlike(densities)) return uniformAllocation(densities.length, sparsity);
  const center = mean(densities);
  const spread = spreadOf(densities);
  return withMean(
    densities.map((density) => sparsity + (strength * (center - density)) / spread),
    sparsity,
  );
}

/**
 * The allocation in which layers with more outliers keep more (Yin et al. 2024, "Outlier Weighed Layerwise Sparsity"): outliers scaled to
 * `D_l` from 0 to 2λ, `S_l = S − (D_l − D̄)`.
 * @param outliers per layer the share of its parameters that are outliers
 */
export function outlierAllocation(outliers: readonly number[], sparsity: number, strength: number): Allocation {
  const [least, most] = [Math.min(...outliers), Math.max(...outliers)];
  if (sparsity === 0 || areAlike(outliers)) return uniformAllocation(outliers.length, sparsity);
  const scaled = outliers.map((share) => (2 * strength * (share - least)) / (most - least));
  const center = mean(scaled);
  return withMean(
    scaled.map((share) => sparsity - (share - center)),
    sparsity,
  );
}

/**
 * Sparsities held within their bounds and shifted to a mean, both until they hold. All layers of a model have equally many parameters, so
 * that the mean is that of the parameters.
 */
function withMean(wanted: readonly number[], sparsity: number): Allocation {
  let sparsities = wanted;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const shift = sparsity - mean(sparsities);
    sparsities = sparsities.map((share) => Math.min(MOST_SPARSITY, Math.max(0, share + shift)));
    if (Math.abs(sparsity - mean(sparsities)) < STABLE) break;
  }
  const isAtBound = (share: number): boolean => share < EQUAL || share > MOST_SPARSITY - EQUAL;
  return { sparsities, atBounds: sparsity === 0 ? 0 : sparsities.filter(isAtBound).length };
}
