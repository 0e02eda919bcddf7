import { ParamscopeError } from "../errors";
import type { Tokenizer } from "../model/tokenizer/tokenizer";
import type { Text } from "../text/text";

/** What perplexity is measured on. */
export interface EvaluationWindows {
  readonly ids: readonly Int32Array[];
  /** Whole windows that the text has. */
  readonly available: number;
}

/**
 * The first `count` non-overlapping windows of a text, without special tokens. A rest is dropped unless it is the only window.
 * @throws ParamscopeError when the text has fewer than two tokens: nothing is predicted then.
 */
export function evaluationWindows(
  { source, text }: Text,
  tokenizer: Tokenizer,
  { window, count }: { readonly window: number; readonly count: number },
): EvaluationWindows {
  const ids = Int32Array.from(tokenizer.encode(text, { special: false }).ids);
  if (ids.length < 2)
    throw new ParamscopeError(
      `${source} has ${ids.length === 1 ? "one token" : "no token"} for this model: perplexity is that of tokens predicted from those before.`,
      "Give a longer text to evaluate.",
    );
  if (window < 2)
    throw new ParamscopeError("A window of one token predicts nothing.", "Give windows of at least 2 tokens.");
  if (ids.length < window) return { ids: [ids], available: 1 };
  const available = Math.floor(ids.length / window);
  const taken = Math.min(count, available);
  return {
    ids: Array.from({ length: taken }, (_, i) => ids.subarray(i * window, (i + 1) * window)),
    available,
  };
}
