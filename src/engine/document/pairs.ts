import * as z from "zod";
import { count, model, range, run } from "./shared";

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
  similarity: z.array(similarity),
  /** The contrast similarity in each layer; null: it was not asked for. */
  contrast: z.array(similarity).nullable(),
});

/** Spearman's rho against the human scores: of relevance, and of every layer's similarity; 95 % intervals. */
const spearman = z.looseObject({
  deep: rho,
  interval,
  layers: z.array(rho),
  intervals: z.array(interval),
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
  pairs: z.array(sentencePair),
  spearman,
  contrastSpearman: spearman.nullable(),
});

export type PairsDocument = z.infer<typeof pairsDocument>;
export type PairDescription = z.infer<typeof sentencePair>;
export type SpearmanDescription = z.infer<typeof spearman>;
