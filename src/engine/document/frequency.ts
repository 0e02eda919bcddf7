import * as z from "zod";
import { count, counts, model, run, share } from "./shared";

/** A layer's frequencies: `counts[k]` parameters of it are in the top sets of exactly k samples, k = 0 … n. */
const frequencyLayer = z.looseObject({
  layer: count,
  counts,
  /**
   * The variance of how many samples have a parameter, divided by that of independent activation of the same density
   * (binomial): above 1, activation is more clustered than chance. null: with one sample, or none or all active.
   */
  varianceRatio: z.number().min(0).nullable().default(null),
});

export const frequencyDocument = z.looseObject({
  format: z.literal("paramscope.frequency"),
  version: z.literal(1),
  model,
  run,
  target: z.string(),
  samples: count,
  share,
  layers: z.array(frequencyLayer),
});

export type FrequencyDocument = z.infer<typeof frequencyDocument>;
export type FrequencyLayer = z.infer<typeof frequencyLayer>;
