import type { PairDescription, PairsDocument } from "../engine/document/document";
import { extremes, printAlike } from "./claims";
import { follows, intervalText } from "./pairs";
import { formatNumber, formatSigned } from "./numbers";
import { zip } from "../engine/numbers/elements";

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
  const [lowest] = ordered;
  if (lowest === undefined) return "";
  if (lowest.score === ordered.at(-1)?.score) return "All pairs have the same human score.";
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
  const found = extremes(
    zip(layers, intervals).map(([rho, interval], layer) => ({ layer, rho, interval })),
    ({ rho }) => rho,
  );
  if (found === undefined) return "";
  const { layer, rho, interval } = found.most;
  const figures = `${formatSigned(rho)}, 95 % within ${intervalText(interval)}`;
  if (layers.length > 1 && printAlike(formatNumber, rho, found.least.rho))
    return `Rho is ${formatSigned(rho)} in every layer.`;
  return follows(interval)
    ? `Layer ${layer} follows the human scores best: rho ${figures}.`
    : `No layer certainly follows the human scores: rho is highest in layer ${layer}, ${figures}.`;
}
