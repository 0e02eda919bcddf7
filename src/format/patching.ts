import type { PatchedPrompt, PatchingDocument } from "../engine/document/document";
import { capital, printAlike } from "./claims";
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

/** A position that carries most of A's answer in every layer of a range, more than any other position. */
export interface Carrier {
  readonly position: number;
  /** Both included. */
  readonly from: number;
  readonly to: number;
}

/**
 * Who carries the answer from layer to layer, where the residual stream is patched: of the layers in which some position brings most of it, the one that brings
 * most. Positions that print alike are a tie, and then nobody is.
 */
export function carriersOf(grid: readonly (readonly number[])[]): Carrier[] {
  const carriers: Carrier[] = [];
  for (const [layer, row] of grid.entries()) {
    const [first, second] = [...row.keys()].sort((a, b) => elementAt(row, b) - elementAt(row, a));
    if (first === undefined || elementAt(row, first) <= MOST) continue;
    if (second !== undefined && printAlike(formatNumber, elementAt(row, first), elementAt(row, second))) continue;
    const last = carriers.at(-1);
    if (last?.position === first && last.to === layer - 1) carriers[carriers.length - 1] = { ...last, to: layer };
    else carriers.push({ position: first, from: layer, to: layer });
  }
  return carriers;
}

/** The hand-over: `" Italy" (position 3) carries most of A's answer up to layer 17; the last position, " is", from layer 20 on.` */
function handOver({ a, b }: PatchingDocument, grid: readonly (readonly number[])[]): string | undefined {
  const [layers, positions] = [grid.length, grid[0]?.length ?? 0];
  const carriers = carriersOf(grid);
  const before = carriers.filter(({ position }) => position < positions - 1);
  if (before.length === 0) return undefined;
  const told = carriers.slice(0, MOST_CARRIERS);
  const parts = told.map(({ position, from, to }, i) => {
    const [own, other] = [a, b].map(({ tokens }) => JSON.stringify(elementAt(tokens, position).text));
    const text = own === other ? own : `${own} in the place of ${other}`;
    const who = position === positions - 1 ? `the last position, ${text},` : `${text} (position ${position})`;
    const carries = i === 0 ? " carries most of A's answer" : "";
    return `${who}${carries} ${layersInWords(from, to, layers)}`;
  });
  const more = carriers.length > told.length ? "; and then others" : "";
  return `${capital(parts.join("; "))}${more}.`;
}

/** Carriers that are told; with more the answer goes to and fro, and that is all there is to say. */
const MOST_CARRIERS = 5;

function layersInWords(from: number, to: number, layers: number): string {
  if (from === 0 && to === layers - 1) return "in every layer";
  if (from === to) return `in layer ${from}`;
  if (from === 0) return `up to layer ${to}`;
  return to === layers - 1 ? `from layer ${from} on` : `in layers ${from} to ${to}`;
}

/**
 * Where A's answer is carried; undefined for prompts of one token and for runs that do not differ. The last position carries all
 * of it in the last layer, whatever the prompts: where it was before is the question. In the residual stream that is a hand-over from token to
 * token. What a branch adds is not handed on: of it only places are named that carry most of the answer, or else, as what they are, those that carry any.
 */
export function carriedSentence(document: PatchingDocument): string | undefined {
  const { b, grid, site } = document;
  const places = (grid ?? [])
    .flatMap((row, layer) => row.slice(0, -1).map((value, position) => ({ layer, position, value })))
    .sort((x, y) => y.value - x.value);
  if (places.length === 0) return undefined;
  const handed = grid !== null && site === "residual" ? handOver(document, grid) : undefined;
  if (handed !== undefined) return handed;
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
