import { html, type TemplateResult } from "lit";
import type { ComparisonSide } from "../../src/engine/document/document";
import type { ComparedSide } from "../../src/pages/comparison";

/** The two that are compared, by name and by how their texts begin. */
export function sidesHeading(a: ComparedSide, b: ComparedSide): TemplateResult {
  const side = (letter: string, { name, beginning }: ComparedSide) =>
    html`<span class="side"
      ><b class="letter">${letter}</b> <span class="name">${name}</span>
      <span class="beginning" title=${beginning}>${beginning}</span></span
    >`;
  return html`<h1 class="sides">${side("A", a)} ${side("B", b)}</h1>`;
}

/** A side of a result, as it is called before there is a document. */
export function sideOf({ name, samples }: ComparisonSide): ComparedSide {
  return { name, beginning: samples.at(0)?.text.trim().replace(/\s+/g, " ").slice(0, 160) ?? "" };
}
