import * as z from "zod";
import { comparedToken, count, model, run, sample, share, someOf, vocabularyToken } from "./shared";

// A cosine may exceed 1 by a rounding error.
const similarity = z.number().min(0).max(1.0001);
const amount = z.number().min(0);
const interval = z.tuple([z.number(), z.number()]);

/** What the change of some weights comes to: W is A's, ΔW what B has more. */
const change = {
  parameters: count,
  /** ΣĀ of A and of B. */
  a: amount,
  b: amount,
  /** ‖W‖, ‖ΔW‖ (Frobenius) and `‖ΔW‖/‖W‖`; null where W is 0. */
  norm: amount,
  changeNorm: amount,
  relative: amount.nullable(),
  /** Σ|w| and Σ|Δw|. */
  size: amount,
  changeSize: amount,
  /** Weights that differ, and of those that are 0 in B. */
  changed: count,
  zeroed: count,
  /** `Σ Ā(w)·|Δw|/|w|`, the size of the change's effect on y to first order; where w is 0, with B's Ā and weight. */
  effect: amount,
  /** How many times as much that is as if what was changed were used like any weight of its matrix; null where nothing changed. */
  usage: amount.nullable(),
};

const likeness = { similarity, overlap: similarity };

/** ‖Ā‖₂ of either model, of which the similarity of several matrices together is formed; not in files of earlier versions. */
const norms = z.looseObject({ a: amount, b: amount }).optional();

const modelsModule = z.looseObject({ name: z.string(), ...likeness, ...change, norms });

const modelsLayer = z.looseObject({ layer: count, ...likeness, ...change, modules: someOf(modelsModule) });

/** A tensor that is not scored; of the blocks all layers together. */
const otherTensor = z.looseObject({
  name: z.string(),
  parameters: count,
  norm: amount,
  changeNorm: amount,
  relative: amount.nullable(),
  /** `relative` of every layer; null for what is outside of the blocks. */
  layers: z.array(amount.nullable()).nullable(),
});

const nextTokens = z.array(vocabularyToken.extend({ probability: share }));

/** What the two models predict of one sample. */
const prediction = z.looseObject({
  /** KL(A ‖ B) of the next token, in nats. */
  kl: amount,
  /** Both find the same token the likeliest. */
  agrees: z.boolean(),
  /** What B says, as the samples have it of A. */
  b: z.looseObject({
    targetToken: vocabularyToken.nullable(),
    targetValue: z.number(),
    targetProbability: share.nullable(),
    nextTokens,
  }),
  /** What may come next, the likeliest first; not in files of earlier versions. */
  next: z.array(comparedToken).optional(),
});

export const modelsDocument = z.looseObject({
  format: z.literal("paramscope.models"),
  version: z.literal(1),
  /** A, and B. */
  model,
  modelB: model,
  run,
  target: z.string(),
  /** What both read, as A read it. */
  samples: someOf(sample),
  /** Per sample. */
  predictions: someOf(prediction),
  /** How many tokens both vocabularies have: predictions are compared over these. */
  tokens: count,
  /** The mean of `kl`, and its 95 % interval over samples (bootstrap); null for one sample. */
  kl: z.looseObject({ mean: amount, interval: interval.nullable() }),
  /** In how many samples both find the same token the likeliest, with Wilson's 95 % interval of the share. */
  agreement: z.looseObject({ count, of: count, interval }),
  /** The share of a matrix that its top set holds. */
  share,
  layers: someOf(modelsLayer),
  /** All scored matrices together. */
  change: z.looseObject(change),
  others: z.array(otherTensor),
  /**
   * Spearman's rho over matrices of how much each changed (`relative`) and how much A uses it (`a / parameters`), with its 95 %
   * interval (bootstrap over matrices); null where all changed as much, or there are too few.
   */
  relation: z.looseObject({ matrices: count, rho: z.number(), interval }).nullable(),
  /** Of the bootstraps. */
  seed: count,
  resamples: count,
});

export type ModelsDocument = z.infer<typeof modelsDocument>;
export type ModelsLayer = z.infer<typeof modelsLayer>;
export type ModelsModule = z.infer<typeof modelsModule>;
export type ModelsPrediction = z.infer<typeof prediction>;
export type OtherTensor = z.infer<typeof otherTensor>;
