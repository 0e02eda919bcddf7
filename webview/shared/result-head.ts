import { html, nothing, type TemplateResult } from "lit";
import type { ModelDescription, RunDescription } from "../../src/engine/document/shared";
import { formatCompact, formatCount, formatDuration } from "../../src/format/numbers";
import { button } from "./controls";

interface ResultHead {
  readonly title: string;
  readonly document: { readonly model: ModelDescription; readonly run: RunDescription };
  /** What else was asked for, in the order of the line. */
  readonly facts: readonly string[];
  readonly exports: boolean;
  readonly onExports: (exports: boolean) => void;
  /** The drawer that "Export" opens. */
  readonly drawer: () => TemplateResult;
}

/** A saved result's name, model and facts, what its run left out, and the export. */
export function resultHead({ title, document, facts, exports, onExports, drawer }: ResultHead): TemplateResult {
  const { model, run } = document;
  return html`<header class="head">
      <div class="facts">
        <h1>${title}</h1>
        <span
          title="${model.architecture}, ${formatCount(model.layers)} layers, ${formatCompact(model.parameters)} parameters"
          >${model.name}</span
        >
        ${facts.map((fact) => html`<span>${fact}</span>`)}
        <span>${formatDuration(run.seconds)}</span>
        <span class="badge">Saved result</span>
      </div>
      <div class="actions">${button("Export", () => onExports(!exports), { expanded: exports })}</div>
    </header>
    ${
      run.notes.length > 0
        ? html`<ul class="notes" aria-label="Notes on this run">
            ${run.notes.map((note) => html`<li>${note}</li>`)}
          </ul>`
        : nothing
    }
    ${exports ? drawer() : nothing}`;
}
