import * as z from "zod";
import { count, share, someOf } from "./shared";

/** What a changed model, in other formats or shrunk, predicts of the same windows as the dense one; of each window in their order. */
export const changedFigures = {
  perplexity: z.number().min(1),
  /** The share of positions at which both find the same token the likeliest. */
  agreement: share,
  /** The mean of KL(dense ‖ changed) over all predicted tokens, in nats, and over those of each window. */
  divergence: z.number().min(0),
  divergences: someOf(z.number().min(0)),
  /** The mean negative log-likelihood of each window, in nats. */
  losses: someOf(z.number()),
};

/** The windows of a text that had no say in the change, and what the dense model predicts of them. */
export const evaluatedText = {
  text: z.string(),
  window: count,
  windows: count,
  available: count,
  tokens: someOf(count),
  dense: z.looseObject({ perplexity: z.number().min(1), losses: someOf(z.number()) }),
};
