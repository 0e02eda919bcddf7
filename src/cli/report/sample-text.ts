import type { SampleDescription } from "../../engine/document/document";
import { type Html, html } from "./html";

/**
 * The text of a sample, each token tinted by the size of its saliency. Characters that several tokens share (a letter of
 * more than one byte) are shown once, with the strongest of them.
 */
export function sampleText({ text, tokens }: SampleDescription): Html[] {
  const shown = tokens.filter(({ start, saliency }) => start >= 0 && saliency !== null);
  const strongest = shown.reduce((max, { saliency }) => Math.max(max, Math.abs(saliency ?? 0)), 0);
  const spans: { from: number; to: number; size: number }[] = [];
  let end = 0;
  for (const { start, end: tokenEnd, saliency } of shown) {
    const size = Math.abs(saliency ?? 0);
    const last = spans.at(-1);
    if (last && tokenEnd <= end) {
      last.size = Math.max(last.size, size);
      continue;
    }
    spans.push({ from: Math.max(start, end), to: tokenEnd, size });
    end = tokenEnd;
  }

  const parts: Html[] = [];
  let position = 0;
  for (const { from, to, size } of spans) {
    if (from > position) parts.push(html`${text.slice(position, from)}`);
    const share = strongest > 0 ? size / strongest : 0;
    parts.push(html`<span style="--share:${share.toFixed(2)}">${text.slice(from, to)}</span>`);
    position = to;
  }
  parts.push(html`${text.slice(position)}`);
  return parts;
}
