import type { PatchingDocument } from "../../src/engine/document/document";
import { elementAt } from "../../src/engine/numbers/elements";
import { quoted } from "../../src/format/model-words";
import { formatNumber, formatShare } from "../../src/format/numbers";
import { tokenLabel } from "../shared/token-label";

/** B's token at a position, and A's where it is another. */
export function positionLabel({ a, b }: PatchingDocument, position: number): string {
  const [ofA, ofB] = [elementAt(a.tokens, position), elementAt(b.tokens, position)];
  return ofA.id === ofB.id ? tokenLabel(ofB.text) : `${tokenLabel(ofA.text)} → ${tokenLabel(ofB.text)}`;
}

/** `layer 3 at " dog" (position 1, in A " cat")` */
export function placeInWords({ a, b }: PatchingDocument, layer: number, position: number): string {
  const [ofA, ofB] = [elementAt(a.tokens, position), elementAt(b.tokens, position)];
  const other = ofA.id === ofB.id ? "" : `, in A ${quoted(ofA.text)}`;
  return `layer ${layer} at ${quoted(ofB.text)} (position ${position}${other})`;
}

/** How far the patch at a place brings the answer. */
export function valueInWords({ grid, values }: PatchingDocument, layer: number, position: number): string {
  const share = grid ? `${formatNumber(elementAt(elementAt(grid, layer), position))} of the way from B to A, ` : "";
  return `${share}difference of logits ${formatNumber(elementAt(elementAt(values, layer), position))}`;
}

/** What the patch at a place does, in figures. */
export function describePlace(document: PatchingDocument, layer: number, position: number): string {
  const next = elementAt(elementAt(document.nextTokens, layer), position).at(0);
  const answer = next ? `; then ${quoted(next.text)} ${formatShare(next.probability)} is likeliest` : "";
  const place = placeInWords(document, layer, position);
  return `L${place.slice(1)}: ${valueInWords(document, layer, position)}${answer}`;
}
