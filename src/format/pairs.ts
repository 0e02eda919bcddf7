import type { PairsDocument, SpearmanDescription } from "../engine/document/document";

/* What sentence pairs show, in words and figures. */

/** How well relevance, and contrast relevance, follow the human scores. */
export function pairsSentences({ spearman, contrastSpearman }: PairsDocument): string[] {
  return [
    rhoSentence("Relevance", spearman),
    ...(contrastSpearman ? [rhoSentence("Contrast relevance", contrastSpearman)] : []),
  ];
}

function rhoSentence(what: string, { deep, interval }: SpearmanDescription): string {
  const tracks = follows(interval) ? "follows" : runsAgainst(interval) ? "runs against" : "does not certainly follow";
  return `${what} ${tracks} the human scores: Spearman's rho ${deep.toFixed(3)}, 95 % within ${intervalText(interval)}.`;
}

/** The whole interval is above 0, as it is printed. */
export function follows([low]: readonly [number, number]): boolean {
  return Number(low.toFixed(2)) > 0;
}

function runsAgainst([, high]: readonly [number, number]): boolean {
  return Number(high.toFixed(2)) < 0;
}

/** `0.21 to 0.64` */
export function intervalText([low, high]: readonly [number, number]): string {
  const text = (bound: number): string => bound.toFixed(2).replace(/^-(?=0\.00$)/, "");
  return `${text(low)} to ${text(high)}`;
}
