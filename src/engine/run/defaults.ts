import type { PruneAllocation, PruneCriterion } from "../prune/options";

/** What a run takes where nobody says otherwise. The editor's settings have the same in package.json, which a test holds. */
export interface RunDefaults {
  /** As it is written: what is differentiated. */
  readonly target: string;
  /** The strongest share of all scored parameters counts as active. */
  readonly share: number;
  /** The most ids of a sample, special tokens included. */
  readonly window: number;
  /** The most samples of a run; where folders are compared, the most texts of each. */
  readonly maxSamples: number;
  /** Whether the model's chat template stands around each text. */
  readonly chat: boolean;
  /** How typical texts activate a model is measured by itself where that takes at most so many seconds. */
  readonly typicalSeconds: number;
  /** The most windows of a text that perplexity is measured on. */
  readonly windows: number;
  /** How a model is pruned. */
  readonly pruning: {
    readonly criterion: PruneCriterion;
    readonly allocation: Extract<PruneAllocation, "uniform" | "activation">;
    /** How far the layers' sparsities may lie from their mean where they differ, λ of both allocations' authors. */
    readonly strength: number;
    /** The share of the weights that goes. */
    readonly sparsity: number;
  };
  /** What a model in other formats, or a shrunk one, is measured on: windows as many and as long as divergences of formats are usually told of. */
  readonly changed: { readonly windows: number; readonly window: number };
}

export const defaults: RunDefaults = {
  target: "spread",
  share: 0.1,
  window: 512,
  maxSamples: 64,
  chat: false,
  typicalSeconds: 20,
  windows: 8,
  pruning: { criterion: "wanda", allocation: "activation", strength: 0.08, sparsity: 0.5 },
  changed: { windows: 12, window: 256 },
};

/** The share that counts as active, as a person writes it: `10%`. */
export const defaultThreshold = `${100 * defaults.share}%`;

/** The most beginnings of a text that a run measures: their tokens grow with the square of their number. */
export const MOST_POSITIONS = 128;
