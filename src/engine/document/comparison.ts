import * as z from "zod";
import { count, model, range, run, sample, share } from "./shared";

// A cosine may exceed 1 by a rounding error.
const similarity = z.number().min(0).max(1.0001);

/** The sum of the activations of one side and of the other. */
const sums = { a: z.number().min(0), b: z.number().min(0) };

const comparisonHead = z.looseObject({ head: count, part: z.string().optional(), similarity, ...sums });

/** A parameter in the top set of one side and not of the other, with both activations. */
const exclusive = z.looseObject({ row: count, column: count, ...sums });

const comparisonModule = z.looseObject({
  name: z.string(),
  similarity,
  overlap: similarity,
  parameters: count,
  ...sums,
  heads: z.array(comparisonHead),
  /** The strongest parameters that only A, and only B, activates. */
  onlyA: z.array(exclusive),
  onlyB: z.array(exclusive),
});

const comparisonLayer = z.looseObject({
  layer: count,
  similarity,
  contrast: similarity.nullable(),
  overlap: similarity,
  modules: z.array(comparisonModule),
});

/** A similarity over the deep layers. */
const unit = z.number().min(0).max(1.0001);

/** How alike unrelated texts of the same model are. */
const yardstick = z.looseObject({
  pairs: count,
  /** The most tokens of each text. */
  tokens: count,
  median: unit,
  contrastMedian: unit,
});

const percent = z.number().min(0).max(100);

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
  /** The share of unrelated pairs of texts that are less alike, in percent; by relevance, and by contrast relevance. */
  percentile: percent.nullable(),
  contrastPercentile: percent.nullable(),
  yardstick: yardstick.nullable(),
});

export type ComparisonDocument = z.infer<typeof comparisonDocument>;
export type ComparisonLayer = z.infer<typeof comparisonLayer>;
export type ComparisonModule = z.infer<typeof comparisonModule>;
export type ComparisonHead = z.infer<typeof comparisonHead>;
export type ComparisonSide = z.infer<typeof side>;
