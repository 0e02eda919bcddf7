import * as z from "zod";
import { count, model, range, run, sample, share } from "./shared";

// A cosine may exceed 1 by a rounding error.
const similarity = z.number().min(0).max(1.0001);

const comparisonHead = z.looseObject({ head: count, part: z.string().optional(), similarity });

const comparisonModule = z.looseObject({
  name: z.string(),
  similarity,
  overlap: similarity,
  heads: z.array(comparisonHead),
});

const comparisonLayer = z.looseObject({
  layer: count,
  similarity,
  contrast: similarity.nullable(),
  overlap: similarity,
  modules: z.array(comparisonModule),
});

/** One of the two sets that are compared: its name as the user gave it, and its samples. */
const side = z.looseObject({ name: z.string(), samples: z.array(sample) });

export const comparisonDocument = z.looseObject({
  format: z.literal("paramscope.comparison"),
  version: z.literal(1),
  model,
  run,
  target: z.string(),
  a: side,
  b: side,
  share,
  deep: range,
  layers: z.array(comparisonLayer),
  relevance: similarity,
  contrastRelevance: similarity.nullable(),
  percentile: z.number().min(0).max(100).nullable(),
});

export type ComparisonDocument = z.infer<typeof comparisonDocument>;
export type ComparisonLayer = z.infer<typeof comparisonLayer>;
export type ComparisonModule = z.infer<typeof comparisonModule>;
export type ComparisonHead = z.infer<typeof comparisonHead>;
export type ComparisonSide = z.infer<typeof side>;
