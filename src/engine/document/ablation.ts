import * as z from "zod";
import { count, type ModelDescription, type RunDescription, share, vocabularyToken } from "./shared";

const next = z.array(z.looseObject({ id: count, text: z.string(), probability: share })).max(16);

/** A prediction without the weights of one place. */
const without = z.looseObject({
  /** The probability of `token`. */
  probability: share,
  /** KL(whole ‖ without) of the distributions of the next token, in nats. */
  divergence: z.number(),
});

/** What becomes of a prediction when the weights of a head, or of a feed-forward neuron, count as 0. */
export const ablation = z.looseObject({
  /** The sample, by its place in the document. */
  sample: count,
  level: z.enum(["head", "neuron"]),
  layer: count,
  /** The matrix' name. */
  module: z.string(),
  /** The part of a fused matrix that the head is in. */
  part: z.string().optional(),
  /** The head's, or the neuron's, number. */
  index: count,
  /** The token whose probability is told: the one that was asked for, else the likeliest of the whole model. */
  token: vocabularyToken,
  whole: z.looseObject({ probability: share, next }),
  without: without.extend({ next }),
  /** How many others of its kind the matrix has. */
  others: count,
  /** Those of them that were taken away too, each by itself: all, or evenly spaced ones. */
  peers: z.array(without.extend({ index: count })).max(64),
});

/** What the scoring process answers; it is kept within an analysis. */
export interface AblationDocument {
  readonly format: "paramscope.ablation";
  readonly version: 1;
  readonly model: ModelDescription;
  readonly run: RunDescription;
  readonly ablation: AblationDescription;
}

export type AblationDescription = z.infer<typeof ablation>;
/** Where weights count as 0. */
export type AblatedPlace = Pick<AblationDescription, "level" | "layer" | "module" | "part" | "index">;
