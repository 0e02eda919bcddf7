import type { EvaluatedWindows } from "./window-losses";

/** What a changed model predicts of windows beside the dense one, as documents have it. */
export function changedFigures({
  perplexity,
  otherPerplexity,
  agreement,
  divergence,
  divergences,
  losses,
}: EvaluatedWindows) {
  return {
    dense: { perplexity, losses: losses.own },
    tokens: losses.tokens,
    changed: { perplexity: otherPerplexity, agreement, divergence, divergences, losses: losses.other },
  };
}
