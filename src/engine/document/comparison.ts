import * as z from "zod";
import { comparedToken, count, model, range, run, sample, share, someOf } from "./shared";

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
  /** ‖Ā‖₂ of either side, of which the similarity of several matrices together is formed; not in files of earlier versions. */
  norms: z.looseObject({ a: z.number().min(0), b: z.number().min(0) }).optional(),
  /** ΣĀ over the unrelated texts that contrast is measured against; only where there were any, and not in files of earlier versions. */
  background: z.number().min(0).optional(),
  heads: z.array(comparisonHead),
  /** The strongest parameters that only A, and only B, activates. */
  onlyA: z.array(exclusive),
  onlyB: z.array(exclusive),
});

/** Where the tokens of a layer go that has experts, of A and of B. In the last layer it may be the target's position alone that passes. */
const comparedRouting = z.looseObject({
  /** Tokens of all samples of a side that pass the layer. */
  tokens: z.looseObject({ a: count, b: count }),
  experts: someOf(
    z.looseObject({
      /** How many of them are routed to the expert. */
      tokens: z.looseObject({ a: count, b: count }),
      /** Over all of its matrices. */
      similarity,
      /** Its matrices, by name. */
      modules: z.array(z.string()),
    }),
  ),
});

const comparisonLayer = z.looseObject({
  layer: count,
  similarity,
  contrast: similarity.nullable(),
  overlap: similarity,
  modules: someOf(comparisonModule),
  /** Only of layers with experts; not in files of earlier versions. */
  routing: comparedRouting.optional(),
});

/** A similarity over the deep layers. */
const unit = z.number().min(0).max(1.0001);

/** How a text ends, and how long it is: what a text is compared with is of its class. */
const textClass = z.looseObject({
  length: z.enum(["brief", "short", "long"]),
  /** null: within a template all end alike. */
  ending: z.enum(["sentence", "line", "middle"]).nullable(),
});

/** How alike unrelated texts of the same classes are on the same model; medians of their relevances, the first one null in a file of version 2. */
const yardstick = z.looseObject({
  pairs: count,
  texts: count,
  a: textClass,
  b: textClass,
  median: unit.nullable(),
  contrastMedian: unit,
});

/** One of the two sets that are compared: its name as the user gave it, and its samples. */
const side = z.looseObject({ name: z.string(), samples: someOf(sample) });

const current = z.looseObject({
  format: z.literal("paramscope.comparison"),
  version: z.literal(3),
  model,
  run,
  target: z.string(),
  /** What stood around every text, with `{text}` in its place; null: nothing, or the model's chat template. */
  template: z.string().nullable(),
  a: side,
  b: side,
  share,
  deep: range,
  layers: someOf(comparisonLayer),
  relevance: similarity,
  contrastRelevance: similarity.nullable(),
  /** The share of unrelated pairs of texts whose contrast relevance is smaller; null: there is nothing to compare with. */
  percentile: share.nullable(),
  /** By both relevances. */
  percentiles: z.looseObject({ similarity: share.nullable(), contrast: share }).nullable(),
  yardstick: yardstick.nullable(),
  /** What may come next, the likeliest first; only of two single texts, and not in files of earlier versions. */
  next: z.array(comparedToken).optional(),
});

/**
 * Version 1 took no template, and its percentiles were among other texts than of the class of those compared: they are left
 * out, as they say what is not so. So is the place of the paper's similarity in version 2, which too few weights decided.
 */
function fromEarlier(value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("version" in value)) return value;
  if (value.version === 1)
    return { ...value, version: 3, template: null, percentile: null, percentiles: null, yardstick: null };
  if (value.version !== 2) return value;
  const without = (key: "percentiles" | "yardstick", figure: string): unknown => {
    const found: unknown = key in value ? (value as Record<string, unknown>)[key] : undefined;
    return typeof found === "object" && found !== null ? { ...found, [figure]: null } : found;
  };
  return {
    ...value,
    version: 3,
    percentiles: without("percentiles", "similarity"),
    yardstick: without("yardstick", "median"),
  };
}

/** Reads versions 1 to 3; what it gives is version 3. */
export const comparisonDocument = z.preprocess(fromEarlier, current);

export type ComparisonDocument = z.infer<typeof current>;
export type TextClassDescription = z.infer<typeof textClass>;
export type ComparisonLayer = z.infer<typeof comparisonLayer>;
export type ComparisonModule = z.infer<typeof comparisonModule>;
export type ComparisonHead = z.infer<typeof comparisonHead>;
export type ComparisonSide = z.infer<typeof side>;
