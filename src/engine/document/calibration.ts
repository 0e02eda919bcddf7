import * as z from "zod";
import { pruneMethod } from "./pruning";
import { count, model, run, share, someOf } from "./shared";

const texts = { name: z.string(), sources: z.array(z.string()), texts: count, tokens: count };

/** Texts that the model was pruned with: a domain's, those chosen of a pool, or random ones of it. */
const calibration = z.looseObject({ ...texts, kind: z.enum(["domain", "chosen", "random"]) });

/** Held-out texts of a domain; `tokens` are those that were predicted, in `windows` of `available` windows. */
const evaluation = z.looseObject({ ...texts, windows: count, available: count });

/** A table of values by calibration and evaluation. */
const matrix = <Value extends z.ZodType>(value: Value) => someOf(someOf(value));
const perplexity = z.number().min(1);

/** The mean negative log-likelihood of the predicted tokens of each window, in nats, and how many those are. */
const losses = z.looseObject({
  /** By evaluation and window. */
  tokens: matrix(count),
  dense: matrix(z.number()),
  /** By calibration, evaluation and window. */
  pruned: someOf(matrix(z.number())),
});

const choice = z.looseObject({
  pool: z.string(),
  seed: count,
  /** The similarity of every text of the pool with texts of the domain, over the deep layers; the most alike first. */
  similarities: someOf(z.looseObject({ source: z.string(), similarity: z.number().min(0), chosen: z.boolean() })),
});

export const calibrationDocument = z.looseObject({
  format: z.literal("paramscope.calibration"),
  version: z.literal(1),
  model,
  run,
  target: z.string(),
  ...pruneMethod,
  window: count,
  calibrations: someOf(calibration),
  evaluations: someOf(evaluation),
  /** The perplexity of each evaluation by the model as it was. */
  dense: someOf(perplexity),
  perplexity: matrix(perplexity),
  agreement: matrix(share),
  divergence: matrix(z.number().min(0)),
  losses: losses.optional(),
  /** How the calibration was chosen, where it was chosen of a pool. */
  choice: choice.nullable(),
});

export type CalibrationDocument = z.infer<typeof calibrationDocument>;
