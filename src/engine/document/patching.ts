import * as z from "zod";
import { model, run, sampleToken, share, someOf, vocabularyToken } from "./shared";

const nextTokens = someOf(z.looseObject({ id: z.int(), text: z.string(), probability: share }));

/** One of the two prompts, and its own run. */
const prompt = z.looseObject({
  source: z.string(),
  text: z.string(),
  tokens: someOf(sampleToken.omit({ saliency: true })),
  /** The difference `logit(A's answer) − logit(B's answer)`. */
  value: z.number(),
  nextTokens,
});

export const patchingDocument = z.looseObject({
  format: z.literal("paramscope.patching"),
  version: z.literal(1),
  model,
  run,
  site: z.enum(["residual", "attention", "mlp"]),
  a: prompt,
  b: prompt,
  answers: z.looseObject({ a: vocabularyToken, b: vocabularyToken }),
  /** How much each layer and position carries: 0 as B's own run, 1 as A's own; null where the two runs do not differ. */
  grid: someOf(someOf(z.number())).nullable(),
  /** The difference of the logits by layer and position. */
  values: someOf(someOf(z.number())),
  /** The likeliest next tokens after the patch, by layer and position. */
  nextTokens: someOf(someOf(nextTokens)),
});

export type PatchingDocument = z.infer<typeof patchingDocument>;
export type PatchedPrompt = z.infer<typeof prompt>;
