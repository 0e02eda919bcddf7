import type { PairDescription, PairsDocument } from "../../src/engine/document/document";
import { intervalText } from "../../src/format/pairs";
import { formatNumber } from "../../src/format/numbers";

/** The mean of a pair's contrast similarity over the deep layers; undefined where it was not asked for. */
export function contrastRelevance(
  { contrast }: PairDescription,
  [from, to]: PairsDocument["deep"],
): number | undefined {
  const deep = contrast?.slice(from, to);
  return deep && deep.reduce((sum, value) => sum + value, 0) / deep.length;
}

/** How alike pairs with low and with high scores are: the means of the two ends of the human scores. */
export function scatterFinding({ pairs, deep }: PairsDocument, byContrast: boolean): string {
  const ordered = [...pairs].sort((a, b) => a.score - b.score);
  const third = Math.max(1, Math.floor(pairs.length / 3));
  const mean = (some: readonly PairDescription[]) =>
    some.reduce((sum, pair) => sum + (byContrast ? (contrastRelevance(pair, deep) ?? 0) : pair.relevance), 0) /
    some.length;
  const what = byContrast ? "Contrast relevance" : "Relevance";
  return (
    `${what} is ${formatNumber(mean(ordered.slice(0, third)))} on average in the third of the pairs with the lowest human ` +
    `scores, ${formatNumber(mean(ordered.slice(-third)))} in the third with the highest.`
  );
}

/** The layer that follows the human scores best, and how well. */
export function rhoFinding({ spearman, contrastSpearman }: PairsDocument, byContrast: boolean): string {
  const { layers, intervals } = byContrast && contrastSpearman ? contrastSpearman : spearman;
  const best = layers.reduce((at, rho, layer) => (rho > layers[at] ? layer : at), 0);
  return `Layer ${best} follows the human scores best: rho ${formatNumber(layers[best])}, 95 % within ${intervalText(intervals[best])}.`;
}
