import type { PairDescription, PairsDocument } from "../engine/document/document";
import { elementAt, zip } from "../engine/numbers/elements";
import { mean } from "../engine/numbers/statistics";
import { printAlike } from "./claims";
import { formatCardinal, formatCount, formatNumber, formatSigned } from "./numbers";
import { figures, tracks } from "./pairs";

/** The mean of a pair's contrast similarity over the deep layers; undefined where it was not asked for. */
export function contrastRelevance({ contrast }: PairDescription, deep: PairsDocument["deep"]): number | undefined {
  return contrast ? mean(contrast.slice(...deep)) : undefined;
}

/** The mean of the cosine of a pair's hidden states over the deep layers; undefined in results of earlier versions. */
export function hiddenRelevance({ hidden }: PairDescription, deep: PairsDocument["deep"]): number | undefined {
  return hidden && mean(hidden.slice(...deep));
}

/** How alike pairs with low and with high scores are: the means of the two ends of the human scores, a third of the pairs or more. */
export function scatterFinding({ pairs, deep }: PairsDocument, byContrast: boolean): string {
  const scores = pairs.map(({ score }) => score).sort((a, b) => a - b);
  const [lowest, highest] = [scores.at(0), scores.at(-1)];
  if (lowest === undefined || highest === undefined) return "";
  if (lowest === highest) return "All pairs have the same human score.";
  const third = Math.max(1, Math.floor(pairs.length / 3));
  // pairs with the same score are on the same side
  const ends = [elementAt(scores, third - 1), elementAt(scores, pairs.length - third)] as const;
  const [low, high] = ends[0] < ends[1] ? ends : [lowest, highest];
  const likeness = (some: readonly PairDescription[]) =>
    formatNumber(mean(some.map((pair) => (byContrast ? (contrastRelevance(pair, deep) ?? 0) : pair.relevance))));
  const [alike, unlike] = [pairs.filter(({ score }) => score >= high), pairs.filter(({ score }) => score <= low)];
  const what = byContrast ? "Contrast relevance" : "Relevance";
  return (
    `${what} is ${likeness(unlike)} on average where the human score is at most ${formatNumber(low)} ` +
    `(${countOf(unlike)}), ${likeness(alike)} where it is at least ${formatNumber(high)} (${countOf(alike)}).`
  );
}

const countOf = ({ length }: readonly unknown[]): string =>
  length === 1 ? "one pair" : `${formatCount(length)} pairs`;

/**
 * How well the best layer follows the human scores: chosen on one half of the pairs and measured on the other, since the pairs that
 * choose a layer flatter it.
 */
export function rhoFinding({ spearman, contrastSpearman }: PairsDocument, byContrast: boolean): string {
  const { layers, intervals, best } = byContrast && contrastSpearman ? contrastSpearman : spearman;
  const [only] = zip(layers, intervals);
  if (only === undefined) return "";
  if (layers.length === 1) return `The one layer has an agreement of ${figures(...only)}.`;
  if (printAlike(formatNumber, ...layers)) return `The agreement is ${formatSigned(only[0])} in every layer.`;
  if (best === undefined) return highestFinding(layers);
  if (best === null)
    return "There are too few pairs to choose the best layer on one half of them and measure it on the other.";
  const [one, other] = best.layers;
  const choice =
    one === other
      ? `Either half of the pairs chooses layer ${one}`
      : `One half of the pairs chooses layer ${one}, the other layer ${other}`;
  return `${choice}; what is chosen ${tracks(best.interval)} the human scores on the half that did not choose it: mean agreement ${figures(best.rho, best.interval)}.`;
}

/** Of a result that says no more. */
function highestFinding(layers: readonly number[]): string {
  const highest = Math.max(...layers);
  const where = [...layers.keys()].filter((layer) => printAlike(formatNumber, elementAt(layers, layer), highest));
  const places = where.length === 1 ? `layer ${where.join("")}` : `${formatCardinal(where.length)} layers`;
  return `The agreement is highest in ${places}, ${formatSigned(highest)}: of the pairs that it was chosen by, which flatters it.`;
}
