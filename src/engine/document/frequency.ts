import * as z from "zod";
import { count, counts, model, run, share } from "./shared";

/** A layer's frequencies: `counts[k]` parameters of it are in the top sets of exactly k samples, k = 0 … n. */
const frequencyLayer = z.looseObject({
  layer: count,
  counts,
  /**
   * How far samples agree on which parameters they have in their top sets, an intraclass correlation: 0 is chance, 1 the same in all.
   * null: with one sample, or none or all active. Files of earlier versions have it not, and a `varianceRatio` that grows with
   * the number of samples; it is formed of their counts.
   */
  icc: z.number().min(-1).max(1).nullable().optional(),
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
