import * as z from "zod";
import { count, counts as anyCounts, model, run, share, someOf } from "./shared";

/** For each number of samples how many parameters there are; none has fewer numbers than 0 … 1. */
const counts = anyCounts.refine(({ length }) => length > 0, "Too small: expected array to have >=1 items");

/**
 * How far samples agree on which parameters they have in their top sets, an intraclass correlation: 0 is chance, 1 the same in all.
 * null: with one sample, or none or all active.
 */
const icc = z.number().min(-1).max(1).nullable();

/** How often the parameters of an expert are in top sets, which is in samples alone that reach it. */
const expert = z.looseObject({
  /** How many of the layer's tokens are routed to it. */
  tokens: count,
  /** Samples of which any token is routed to it. */
  samples: count,
  /** As a layer's, of all of its matrices. */
  counts,
  /** Of the samples that reach it. */
  icc,
  /** Its matrices, by name. */
  modules: z.array(z.string()),
});

/** A layer's frequencies: `counts[k]` parameters of it are in the top sets of exactly k samples, k = 0 … n. */
const frequencyLayer = z.looseObject({
  layer: count,
  counts,
  /** Files of earlier versions have it not, and a `varianceRatio` that grows with the number of samples; it is formed of their counts. */
  icc: icc.optional(),
  /** Only of layers with experts; not in files of earlier versions. In the last layer it may be the target's position alone that is routed. */
  routing: z
    .looseObject({
      /** Tokens of all samples that pass the layer. */
      tokens: count,
      experts: someOf(expert),
    })
    .optional(),
});

export const frequencyDocument = z.looseObject({
  format: z.literal("paramscope.frequency"),
  version: z.literal(1),
  model,
  run,
  target: z.string(),
  samples: count,
  share,
  layers: someOf(frequencyLayer),
});

export type FrequencyDocument = z.infer<typeof frequencyDocument>;
export type FrequencyExpert = z.infer<typeof expert>;
export type FrequencyLayer = z.infer<typeof frequencyLayer>;
