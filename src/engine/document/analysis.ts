import * as z from "zod";
import { amounts, count, histogram, measures, model, range, run, sample, share, threshold } from "./shared";

const head = z.looseObject({ head: count, part: z.string().optional(), sum: z.number().min(0) });

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
  rows: bins,
  columns: bins,
  top: z.array(topParameter),
});

const analysisLayer = z.looseObject({ layer: count, ...measures, modules: z.array(analysisModule) });

export const analysisDocument = z.looseObject({
  format: z.literal("paramscope.analysis"),
  version: z.literal(1),
  model,
  run,
  target: z.string(),
  samples: z.array(sample),
  threshold,
  layers: z.array(analysisLayer),
  /**
   * Per sample the density of every layer in it alone, of its own strongest `threshold.share` of all weights as the run had it: estimated. Only of
   * several samples; not in files of earlier versions.
   */
  textDensities: z.array(z.array(share)).optional(),
});

export type AnalysisDocument = z.infer<typeof analysisDocument>;
export type AnalysisLayer = z.infer<typeof analysisLayer>;
export type AnalysisModule = z.infer<typeof analysisModule>;
export type AnalysisPart = z.infer<typeof part>;
export type AnalysisHead = z.infer<typeof head>;
export type TopParameter = z.infer<typeof topParameter>;
