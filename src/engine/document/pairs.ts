import * as z from "zod";
import { count, model, range, run, someOf } from "./shared";

// A cosine may exceed 1 by a rounding error.
const similarity = z.number().min(0).max(1.0001);
const rho = z.number().min(-1.0001).max(1.0001);
const interval = z.tuple([rho, rho]);

const sentencePair = z.looseObject({
  a: z.string(),
  b: z.string(),
  score: z.number(),
  relevance: similarity,
  /** The similarity in each layer. */
  similarity: someOf(similarity),
  /** The contrast similarity in each layer; null: it was not asked for. */
  contrast: someOf(similarity).nullable(),
  /** The cosine of the last tokens' hidden states in front of each layer, less the mean of all sentences. */
  hidden: z.array(rho).optional(),
  /** By their words: Jaccard's index, and the cosine of tf-idf weights. */
  jaccard: similarity.optional(),
  tfidf: similarity.optional(),
});

const correlation = z.looseObject({ rho, interval });
const difference = z.looseObject({ difference: z.number(), interval: z.tuple([z.number(), z.number()]) });

/** The layer that follows the scores best, chosen on one half of the pairs and measured on the other. */
const bestLayer = z.looseObject({
  /** The layer that each half chose. */
  layers: z.tuple([count, count]),
  /** The mean of what the two have, each on the other half. */
  rho,
  interval,
});

/** Spearman's rho against the human scores: of the mean over the deep layers, and of every layer's likeness; 95 % intervals. */
const spearman = z.looseObject({
  deep: rho,
  interval,
  layers: someOf(rho),
  intervals: someOf(interval),
  /** What is left of `deep` given the tf-idf cosine. */
  partial: correlation.optional(),
  /** How much `deep` is above rho of something else on the same pairs, by paired resamples. */
  over: z
    .looseObject({
      jaccard: difference.optional(),
      tfidf: difference.optional(),
      hidden: difference.optional(),
      /** The paper's similarity. */
      similarity: difference.optional(),
    })
    .optional(),
  /** null: there are too few pairs to halve. */
  best: bestLayer.nullable().optional(),
});

export const pairsDocument = z.looseObject({
  format: z.literal("paramscope.pairs"),
  version: z.literal(1),
  model,
  run,
  target: z.string(),
  source: z.string(),
  template: z.string().nullable(),
  deep: range,
  /** Distinct sentences. */
  texts: count,
  pairs: someOf(sentencePair),
  spearman,
  contrastSpearman: spearman.nullable(),
  /** The same of hidden states. */
  hiddenSpearman: spearman.optional(),
  /** Rho of what counting words says. */
  words: z.looseObject({ jaccard: correlation, tfidf: correlation }).optional(),
  /** Of the bootstrap, and of the choice of halves. */
  seed: z.int().optional(),
  resamples: count.optional(),
});

export type PairsDocument = z.infer<typeof pairsDocument>;
export type PairDescription = z.infer<typeof sentencePair>;
export type SpearmanDescription = z.infer<typeof spearman>;
export type Correlation = z.infer<typeof correlation>;
export type RhoDifference = z.infer<typeof difference>;
export type BestLayer = z.infer<typeof bestLayer>;
