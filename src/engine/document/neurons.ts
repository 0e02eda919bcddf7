import * as z from "zod";
import { count, model, run, share, someOf, vocabularyToken } from "./shared";

/** What deactivating a share of every block's neurons does to the predictions of the next token. */
const point = z.looseObject({
  share,
  /** The mean over the samples of KL(dense ‖ sparse), in nats. */
  kl: z.number().min(0),
  /** The share of samples whose likeliest token stays. */
  agreement: share,
  /** How many samples that is; files of earlier versions have the share only. */
  stays: count.optional(),
});

const curve = z.looseObject({
  /** The measure by which the neurons with the least are found. */
  criterion: z.enum(["attribution", "size"]),
  points: someOf(point),
  /** The largest share up to which the agreement is nowhere below `kept`. */
  tolerated: share,
});

const layer = z.looseObject({
  layer: count,
  /** The mean over the samples of the share of neurons that make up nine tenths of the block's sum. */
  concentration: z.looseObject({ attribution: share, size: share }),
  /** The neurons with the largest mean attribution. */
  top: z.array(z.looseObject({ neuron: count, attribution: z.number().min(0) })),
});

export const neuronsDocument = z.looseObject({
  format: z.literal("paramscope.neurons"),
  version: z.literal(1),
  model,
  run,
  target: z.literal("max-logit"),
  samples: someOf(
    z.looseObject({
      source: z.string(),
      offset: z.int(),
      tokens: count,
      next: vocabularyToken.extend({ probability: share }),
    }),
  ),
  /** How many neurons a block has. */
  neurons: count,
  /** The share of next tokens that shall stay. */
  kept: share,
  curves: someOf(curve),
  layers: someOf(layer),
});

export type NeuronsDocument = z.infer<typeof neuronsDocument>;
export type DeactivationCurve = z.infer<typeof curve>;
