import { html, nothing, type TemplateResult } from "lit";
import { targetInWords } from "../../src/format/model-words";
import { formatCompact, formatCount, formatDuration } from "../../src/format/numbers";
import { pairsSentences } from "../../src/format/pairs";
import { button } from "../shared/controls";
import { pairsExport } from "./export";
import type { Panel } from "./panel";

/** Which pairs, with which model, and how well activations follow the human scores. */
export function headSection(panel: Panel): TemplateResult {
  const { title, document, saved, view, change, post } = panel;
  const { model, run, target, pairs, texts, template } = document;
  return html`<header class="head">
      <div class="facts">
        <h1>${title}</h1>
        <span>${formatCount(pairs.length)} pairs of ${formatCount(texts)} sentences</span>
        <span
          title="${model.architecture}, ${formatCount(model.layers)} layers, ${formatCompact(model.parameters)} parameters"
          >${model.name}</span
        >
        <span>${targetInWords(target)}</span>
        <span>${formatDuration(run.seconds)}</span>
        ${saved ? html`<span class="badge">Saved result</span>` : nothing}
      </div>
      <div class="actions">
        ${saved ? nothing : button("Save", () => post({ type: "save" }))}
        ${button("Export", () => change({ exports: !view.exports }), { expanded: view.exports })}
      </div>
    </header>
    ${template === null ? nothing : html`<p class="note">Each sentence stands in: <span class="template">${template}</span></p>`}
    ${
      run.notes.length > 0
        ? html`<ul class="notes" aria-label="Notes on this run">
            ${run.notes.map((note) => html`<li>${note}</li>`)}
          </ul>`
        : nothing
    }
    ${view.exports ? pairsExport(panel) : nothing}
    ${pairsSentences(document).map((sentence) => html`<p class="finding">${sentence}</p>`)}`;
}
