import { nothing, type TemplateResult } from "lit";
import type { ComparisonSide } from "../../src/engine/document/document";
import { relevanceSentences } from "../../src/format/comparison";
import { targetInWords } from "../../src/format/model-words";
import { formatCompact, formatCount, formatDuration } from "../../src/format/numbers";
import { button } from "../shared/controls";
import { notesOf } from "../shared/result-head";
import { explain } from "../shared/section";
import { explanations } from "./explanations";
import { comparisonExport } from "./export";
import type { Panel } from "./panel";
import { sideOf, sidesHeading } from "./sides";
import { html } from "../shared/template";

/** What was compared, with which model, and how alike the two are; and what can be done with the result. */
export function headSection(panel: Panel): TemplateResult {
  const { document, saved, inEditor, view, change, post } = panel;
  const { a, b, model, run, target } = document;
  return html`<header class="head">
      <div class="facts-column">
        ${sidesHeading(sideOf(a, document.template), sideOf(b, document.template))}
        <div class="facts">
          <span
            title="${model.architecture}, ${formatCount(model.layers)} layers, ${formatCompact(model.parameters)} parameters"
            >${model.name}</span
          >
          <span>${targetInWords(target)}</span>
          <span>A ${sizeOf(a)}, B ${sizeOf(b)}</span>
          <span>${formatDuration(run.seconds)}</span>
          ${saved && inEditor ? html`<span class="badge">Saved result</span>` : nothing}
        </div>
      </div>
      <div class="actions">
        ${button("Swap", () => change({ swapped: !view.swapped, tables: view.tables }))}
        ${!inEditor || (saved && !view.swapped) ? nothing : button("Save", () => post({ type: "save" }))}
        ${button("Export", () => change({ exports: !view.exports }), { expanded: view.exports })}
      </div>
    </header>
    ${notesOf(run.notes)} ${view.exports ? comparisonExport(panel) : nothing}
    <section class="section relevance" aria-label="Relevance">
      ${relevanceSentences(document).map((sentence) => html`<p class="finding">${sentence}</p>`)}
      ${explain(post, explanations.relevance, "Relevance")}
    </section>`;
}

function sizeOf({ samples }: ComparisonSide): string {
  const tokens = samples.reduce((sum, sample) => sum + sample.tokens.length, 0);
  const counted = `${formatCount(tokens)} ${tokens === 1 ? "token" : "tokens"}`;
  return samples.length > 1 ? `${formatCount(samples.length)} samples of ${counted}` : counted;
}
