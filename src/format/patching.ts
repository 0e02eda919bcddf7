import type { PatchedPrompt, PatchingDocument } from "../engine/document/document";
import { formatNumber, formatShare } from "./numbers";
import { elementAt } from "../engine/numbers/elements";

/* What activation patching shows, in words and figures. */

/** What was replaced at a layer and position. */
export const siteInWords: Record<PatchingDocument["site"], string> = {
  residual: "the residual stream behind a layer",
  attention: "what a layer's attention adds",
  mlp: "what a layer's feed-forward part adds",
};

/** The names of the places that can be replaced, to choose from. */
export const siteNames: Record<PatchingDocument["site"], string> = {
  residual: "Residual stream",
  attention: "Attention output",
  mlp: "Feed-forward output",
};

/** `A answers " Paris" (31 %), B " Rome" (28 %).` An answer that was asked for need not be what the prompt is answered with. */
export function answersSentence({ a, b, answers }: PatchingDocument): string {
  if (isLikeliest(a, answers.a) && isLikeliest(b, answers.b))
    return `A answers ${answerOf(a, answers.a)}, B ${answerOf(b, answers.b)}.`;
  return `${askedOf("A", a, answers.a)} ${askedOf("B", b, answers.b)}`;
}

function isLikeliest({ nextTokens }: PatchedPrompt, { id }: { id: number }): boolean {
  const [likeliest] = nextTokens;
  return likeliest === undefined || likeliest.id === id;
}

function askedOf(name: string, prompt: PatchedPrompt, answer: { id: number; text: string }): string {
  if (isLikeliest(prompt, answer)) return `${name} answers ${answerOf(prompt, answer)}.`;
  return `${name} is asked for ${answerOf(prompt, answer)}, and answers ${answerOf(prompt, elementAt(prompt.nextTokens, 0))}.`;
}

function answerOf({ nextTokens }: PatchedPrompt, { id, text }: { id: number; text: string }): string {
  const found = nextTokens.find((token) => token.id === id);
  return found === undefined ? JSON.stringify(text) : `${JSON.stringify(text)} (${formatShare(found.probability)})`;
}

/** Places that are named. */
const STRONGEST = 3;

/** A place carries most of the answer that brings more than half of the way from B's run to A's. */
const MOST = 0.5;

/**
 * Where A's answer is carried; undefined for prompts of one token and for runs that do not differ. The last position carries all
 * of it in the last layer, whatever the prompts: where it was before is the question. Named are only places that carry most of it, or
 * else, as what they are, those that carry any.
 */
export function carriedSentence({ b, grid }: PatchingDocument): string | undefined {
  const places = (grid ?? [])
    .flatMap((row, layer) => row.slice(0, -1).map((value, position) => ({ layer, position, value })))
    .sort((x, y) => y.value - x.value);
  if (places.length === 0) return undefined;
  const named = (some: typeof places): string =>
    some
      .slice(0, STRONGEST)
      .map(
        ({ layer, position, value }) =>
          `layer ${layer} at ${JSON.stringify(elementAt(b.tokens, position).text)} (position ${position}, ${formatNumber(value)})`,
      )
      .join(", ");
  const [most, some] = [places.filter(({ value }) => value > MOST), places.filter(({ value }) => value > 0)];
  if (most.length > 0) return `Before the last position most of it is carried by ${named(most)}.`;
  if (some.length > 0) return `No place before the last position carries most of it; the most have ${named(some)}.`;
  return "No place before the last position carries any of it.";
}
