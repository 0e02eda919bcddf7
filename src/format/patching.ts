import type { PatchedPrompt, PatchingDocument } from "../engine/document/document";
import { formatNumber, formatShare } from "./numbers";

/* What activation patching shows, in words and figures. */

/** What was replaced at a layer and position. */
export const siteInWords: Record<PatchingDocument["site"], string> = {
  residual: "the residual stream behind a layer",
  attention: "what a layer's attention adds",
  mlp: "what a layer's feed-forward part adds",
};

/** The same, to choose from. */
export const siteNames: Record<PatchingDocument["site"], string> = {
  residual: "Residual stream",
  attention: "Attention output",
  mlp: "Feed-forward output",
};

/** `A answers " Paris" (31 %), B " Rome" (28 %).` */
export function answersSentence({ a, b, answers }: PatchingDocument): string {
  return `A answers ${answerOf(a, answers.a)}, B ${answerOf(b, answers.b)}.`;
}

function answerOf({ nextTokens }: PatchedPrompt, { id, text }: { id: number; text: string }): string {
  const found = nextTokens.find((token) => token.id === id);
  return found === undefined ? JSON.stringify(text) : `${JSON.stringify(text)} (${formatShare(found.probability)})`;
}

/** Places that are named. */
const STRONGEST = 3;

/**
 * Where A's answer is carried; undefined for prompts of one token and for runs that do not differ. The last position carries all
 * of it in the last layer, whatever the prompts: where it was before is the question.
 */
export function carriedSentence({ b, grid }: PatchingDocument): string | undefined {
  const places = (grid ?? [])
    .flatMap((row, layer) => row.slice(0, -1).map((value, position) => ({ layer, position, value })))
    .sort((x, y) => y.value - x.value)
    .slice(0, STRONGEST)
    .map(
      ({ layer, position, value }) =>
        `layer ${layer} at ${JSON.stringify(b.tokens[position].text)} (position ${position}, ${formatNumber(value)})`,
    );
  return places.length === 0 ? undefined : `Before the last position most of it is carried by ${places.join(", ")}.`;
}
