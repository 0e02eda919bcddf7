import type { TemplateResult } from "lit";
import type { ComparisonSide } from "../../src/engine/document/document";
import { withoutTemplate } from "../../src/format/comparison";
import type { ComparedSide } from "../../src/pages/comparison";
import { html } from "../shared/template";

/** The two that are compared, by name and by how their texts begin. */
export function sidesHeading(a: ComparedSide, b: ComparedSide): TemplateResult {
  const side = (letter: string, { name, beginning }: ComparedSide) =>
    html`<span class="side"
      ><b class="letter">${letter}</b> <span class="name">${name}</span>
      <span class="beginning" title=${beginning}>${beginning}</span></span
    >`;
  return html`<h1 class="sides">${side("A", a)} ${side("B", b)}</h1>`;
}

/** A side of a result, as it is called before there is a document: by its text, without the template around it. */
export function sideOf({ name, samples }: ComparisonSide, template: string | null): ComparedSide {
  const text = withoutTemplate(samples.at(0)?.text ?? "", template);
  return { name, beginning: text.trim().replace(/\s+/g, " ").slice(0, 160) };
}
