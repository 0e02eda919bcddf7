import { weightedMean } from "../numbers/weighted-mean";
import type { ComparedPredictions, PredictionRows } from "./predictions";

/** What is predicted of each window of a text. */
export interface WindowLosses {
  /** Predicted tokens: one less than the window has. */
  readonly tokens: number[];
  /** The mean negative log-likelihood of a window's predicted tokens, in nats, by each of two models. */
  readonly own: number[];
  readonly other: number[];
}

/** How well two models predict windows, and how far they agree. */
export interface EvaluatedWindows extends Pick<ComparedPredictions, "agreement" | "divergence"> {
  readonly losses: WindowLosses;
  /** The mean KL(own ‖ other) of each window's predicted tokens, in nats. */
  readonly divergences: number[];
  /** Predicted tokens of all windows. */
  readonly tokens: number;
  readonly perplexity: number;
  readonly otherPerplexity: number;
}

/**
 * Sums up what is predicted of some windows, each by itself and all together.
 * @param rows of all windows that were evaluated, one behind the other.
 * @param from the row that the first of these windows begins with.
 */
export function evaluatedWindows(rows: PredictionRows, windows: readonly Int32Array[], from = 0): EvaluatedWindows {
  let to = from;
  const each = windows.map(({ length }) => rows(to, (to += length - 1)));
  const losses = {
    tokens: each.map(({ tokens }) => tokens),
    own: each.map(({ loss }) => loss),
    other: each.map(({ otherLoss }) => otherLoss),
  };
  const { tokens, agreement, divergence } = rows(from, to);
  return {
    losses,
    divergences: each.map((window) => window.divergence),
    tokens,
    perplexity: perplexityOf(losses.own, losses.tokens),
    otherPerplexity: perplexityOf(losses.other, losses.tokens),
    agreement,
    divergence,
  };
}

/** The exponential of the mean negative log-likelihood of all predicted tokens; what a document has of its windows gives its perplexity, to the last digit. */
export function perplexityOf(losses: readonly number[], tokens: readonly number[]): number {
  return Math.exp(weightedMean(losses, tokens));
}
