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
  const tracks = interval[0] > 0 ? "follows" : interval[1] < 0 ? "runs against" : "does not certainly follow";
  return `${what} ${tracks} the human scores: Spearman's rho ${deep.toFixed(3)}, 95 % within ${intervalText(interval)}.`;
}

/** `0.21 to 0.64` */
export function intervalText([low, high]: readonly [number, number]): string {
  return `${low.toFixed(2)} to ${high.toFixed(2)}`;
}
