import * as z from "zod";
import { count, model, run, share, someOf } from "./shared";
import { answeredTasks } from "./tasks";

const prunedModule = z.looseObject({
  name: z.string(),
  shape: z.tuple([count, count]),
  parameters: count,
  /** Parameters that are 0. */
  zeros: count,
  /** Σ|w| of what stays, and of the dense matrix. */
  kept: z.number().min(0),
  dense: z.number().min(0),
});

const prunedLayer = z.looseObject({
  layer: count,
  /** The density by which the sparsity was planned; null: it was not measured. */
  density: share.nullable(),
  /** The sparsity as planned. */
  sparsity: share,
  parameters: count,
  zeros: count,
  modules: someOf(prunedModule),
});

const criterion = z.enum(["magnitude", "wanda", "activation", "sparsegpt"]);

const pattern = z.looseObject({ pruned: count, of: count });

/** What the calibration texts were. */
const calibration = z.looseObject({ sources: z.array(z.string()), texts: count, tokens: count, window: count });

/** The mean negative log-likelihood of the predicted tokens of each window, in nats. */
const losses = someOf(z.number());

/** What pruning costs on the text of an evaluation. */
const prunedFigures = {
  perplexity: z.number().min(1),
  agreement: share,
  divergence: z.number().min(0),
  /** Of each window that `perplexity` has. */
  losses: losses.optional(),
};

/** The perplexity of one text, dense and pruned. */
const perplexity = z.looseObject({
  dense: z.number().min(1),
  pruned: z.number().min(1),
  /** The file, or how the user knows the text. */
  text: z.string(),
  window: count,
  windows: count,
  /** Whole windows that the text has; the first were taken. */
  available: count,
  /** Predicted tokens. */
  tokens: count,
  /** The share of positions at which both models find the same token the likeliest. */
  agreement: share,
  /** The mean Kullback-Leibler divergence of the pruned model's predictions from the dense one's, in nats. */
  divergence: z.number().min(0),
  /** Of each window, with the number of its predicted tokens: a perplexity is exp of their mean, each weighted with its tokens. */
  losses: z.looseObject({ tokens: someOf(count), dense: losses, pruned: losses }).optional(),
  /** The same where every layer loses the same share; not where that is how it was pruned, or where it was not measured. */
  even: z.looseObject(prunedFigures).optional(),
});

/** A sparsity of the curve: what pruning to it costs on the same text. */
const curvePoint = z.looseObject({ criterion, sparsity: share, ...prunedFigures });

const continuation = z.looseObject({ prompt: z.string(), dense: z.string(), pruned: z.string() });

/** The model that was written: where, its weights' type and their size, and what zstd makes of them and of the dense model's. */
const exported = z.looseObject({
  path: z.string(),
  type: z.string(),
  bytes: count,
  compressed: z.looseObject({ pruned: count, dense: count }).nullable().default(null),
});

/** How a model was pruned. */
export const pruneMethod = {
  criterion,
  allocation: z.enum(["uniform", "activation", "owl", "given"]),
  /** How far the layers' sparsities may lie from their mean; 0.08 where nothing is said. */
  strength: z.number().min(0).optional(),
  /** Of the allocation `given`: a sparsity for each layer, which were shifted to the mean that was asked for. */
  sparsities: someOf(share).optional(),
  sparsity: share,
  pattern: pattern.nullable(),
  /** The share of all parameters that is active, by which density is measured. */
  share,
};

export const pruningDocument = z.looseObject({
  format: z.literal("paramscope.pruning"),
  version: z.literal(1),
  model,
  run,
  target: z.string(),
  calibration,
  ...pruneMethod,
  layers: someOf(prunedLayer),
  perplexity: perplexity.nullable(),
  /** Other sparsities, with the same calibration, allocation and text; empty: not measured. */
  curve: z.array(curvePoint).default([]),
  /** Not where none were asked. */
  tasks: answeredTasks.optional(),
  continuation: continuation.nullable(),
  exported: exported.nullable().default(null),
  masks: z.looseObject({ path: z.string(), bytes: count }).nullable().default(null),
});

export type PruningDocument = z.infer<typeof pruningDocument>;
export type PrunedLayer = z.infer<typeof prunedLayer>;
export type CurvePoint = z.infer<typeof curvePoint>;
export type EvaluationDescription = z.infer<typeof perplexity>;
export type ExportDescription = z.infer<typeof exported>;
