import type { SampleDescription } from "../../engine/document/document";
import { strongestSaliency, tokenSpans } from "../../format/token-spans";
import { type Html, html } from "./html";

/** The text of a sample, each token tinted by the size of its saliency. */
export function sampleText(sample: SampleDescription): Html[] {
  const strongest = strongestSaliency(sample);
  return tokenSpans(sample).map((part) => {
    if (typeof part === "string") return html`${part}`;
    const share = strongest > 0 ? Math.abs(part.saliency) / strongest : 0;
    return html`<span style="--share:${share.toFixed(2)}">${part.text}</span>`;
  });
}
