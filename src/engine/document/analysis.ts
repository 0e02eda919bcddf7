import * as z from "zod";
import { ablation } from "./ablation";
import { positions } from "./positions";
import { amounts, count, histogram, measures, model, range, run, sample, share, someOf, threshold } from "./shared";

const head = z.looseObject({
  head: count,
  part: z.string().optional(),
  sum: z.number().min(0),
  /** The first of its rows, or columns; not in files of earlier versions. */
  from: count.optional(),
});

/** A matrix as a picture: `rows` times `columns` cells that cover it evenly, a byte for the largest activation of each, in base64. */
const image = z
  .looseObject({
    rows: count.min(1),
    columns: count.min(1),
    codes: z
      .string()
      .max(2 ** 20)
      .regex(/^[A-Za-z0-9+/]*={0,2}$/),
  })
  .refine(
    ({ rows, columns, codes }) =>
      codes.length % 4 === 0 && (codes.length / 4) * 3 - (/=*$/.exec(codes)?.[0].length ?? 0) === rows * columns,
    "Invalid input: expected a byte for each cell",
  );

/** One part of a fused matrix, such as `k` of `qkv_proj`: its output rows as half-open ranges, several where heads interleave. */
const part = z.looseObject({ name: z.string(), rows: z.array(range), ...measures });

const topParameter = z.looseObject({ row: count, column: count, value: z.number().min(0), weight: z.number() });

const bins = amounts.refine(({ length }) => length <= 256, "Too big: expected array to have <=256 items");

const analysisModule = z.looseObject({
  name: z.string(),
  shape: z.tuple([count, count]),
  ...measures,
  zeros: count,
  histogram,
  parts: z.array(part),
  heads: z.array(head),
  /** Along which side the heads lie, and how many rows or columns each has; only where there are heads, and not in files of earlier versions. */
  headSide: z.looseObject({ axis: z.enum(["rows", "columns"]), size: count }).optional(),
  /** Not of experts' matrices, and not in files of earlier versions. */
  image: image.optional(),
  rows: bins,
  columns: bins,
  top: z.array(topParameter),
});

/** Where the tokens of a layer go that has experts. In the last layer it may be the target's position alone that passes. */
const routing = z.looseObject({
  /** Tokens of all samples that pass the layer. */
  tokens: count,
  experts: someOf(
    z.looseObject({
      /** How many of them are routed to the expert. */
      tokens: count,
      /** Its matrices, by name. */
      modules: z.array(z.string()),
    }),
  ),
});

const analysisLayer = z.looseObject({
  layer: count,
  ...measures,
  modules: someOf(analysisModule),
  /** Only of layers with experts; not in files of earlier versions. */
  routing: routing.optional(),
});

/** A place of the model beside typical texts. */
const unusualPlace = z.looseObject({
  layer: count,
  /** The module's name, of a matrix, a head, or the matrix whose columns are the feed-forward neurons. */
  module: z.string().optional(),
  /** The part of a fused matrix that the head is in. */
  part: z.string().optional(),
  /** The head's, or the neuron's, number. */
  index: count.optional(),
  /** What of all activation is there, and usually is: the geometric mean over the typical texts. */
  share,
  usual: share,
  ratio: z.number().min(0),
  /** How far that is from the usual, in standard deviations of the logarithm; negative: less than usual. */
  farness: z.number(),
  /** In how many typical texts the share is smaller; null: that is not known. */
  above: count.nullable(),
  /** In how many it is the same; missing: in none. */
  tied: count.optional(),
  /** In how many typical texts something, at any place of any level, is at least as far. */
  textsAsFar: count,
  /** The probability of that in a text like the typical ones, over all places (max-T). */
  p: share,
});

/** What the texts use more, or less, than texts usually do. */
const typical = z.looseObject({
  /** Typical texts. */
  texts: count,
  /** Which ones: of a folder, or those that come with Paramscope of a length and endings. */
  of: z.union([
    // chosen from so many texts; not in files of earlier versions
    z.looseObject({ name: z.string(), from: count.optional() }),
    z.looseObject({ length: z.enum(["brief", "short", "long"]), endings: z.array(z.string()), chat: z.boolean() }),
  ]),
  /** No typical text has fewer tokens than a sample, or more: that by itself may be unusual. */
  beyond: z.enum(["shorter", "longer"]).optional(),
  /** Share of all activation as a ratio to the usual, of every layer, every matrix, layer after layer, and every head. */
  ratios: z.looseObject({ layer: z.array(z.number()), matrix: z.array(z.number()), head: z.array(z.number()) }),
  /** From coarse to fine. */
  levels: z.array(
    z.looseObject({
      level: z.enum(["layer", "expert", "matrix", "head", "neuron"]),
      places: count,
      /** Places at which p is at most 0.05. */
      unusual: count,
      /** The places furthest from the usual, the furthest first. */
      furthest: z.array(unusualPlace),
    }),
  ),
});

export const analysisDocument = z.looseObject({
  format: z.literal("paramscope.analysis"),
  version: z.literal(1),
  model,
  run,
  target: z.string(),
  samples: someOf(sample),
  threshold,
  layers: someOf(analysisLayer),
  /**
   * Per sample the density of every layer in it alone, of its own strongest `threshold.share` of all weights as the run had it: estimated. Only of
   * several samples; not in files of earlier versions.
   */
  textDensities: z.array(z.array(share)).optional(),
  typical: typical.optional(),
  /** What it would take to measure how typical texts activate this model, in seconds, where that is left out for it. */
  typicalSeconds: z.tuple([z.number().min(0), z.number().min(0)]).optional(),
  /** The beginnings of a sample, where they were measured; not in files of earlier versions. */
  positions: positions.optional(),
  /** What predictions are without a head or a neuron, where that was tried; not in files of earlier versions. */
  ablations: z.array(ablation).max(1000).optional(),
});

export type { PositionsDescription } from "./positions";
export type AnalysisDocument = z.infer<typeof analysisDocument>;
export type AnalysisLayer = z.infer<typeof analysisLayer>;
export type AnalysisModule = z.infer<typeof analysisModule>;
export type AnalysisPart = z.infer<typeof part>;
export type AnalysisHead = z.infer<typeof head>;
export type MatrixImage = z.infer<typeof image>;
export type TopParameter = z.infer<typeof topParameter>;
export type TypicalDescription = z.infer<typeof typical>;
export type TypicalLevel = TypicalDescription["levels"][number];
export type UnusualPlace = z.infer<typeof unusualPlace>;
