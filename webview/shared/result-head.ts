import { nothing, type TemplateResult } from "lit";
import type { ModelDescription, RunDescription } from "../../src/engine/document/shared";
import { formatCompact, formatCount, formatDuration } from "../../src/format/numbers";
import { button } from "./controls";
import { html } from "./template";

interface ResultHead {
  readonly title: string;
  readonly document: { readonly model: ModelDescription; readonly run: RunDescription };
  readonly saved: boolean;
  /** Whether an editor is there, in which a saved result is something else than one that was run. */
  readonly inEditor: boolean;
  /** What else was asked for, in the order of the line. */
  readonly facts: readonly string[];
  /** What this kind of results can do beside being saved and exported. */
  readonly actions?: TemplateResult | typeof nothing;
  /** For results that are not always files. */
  readonly onSave?: () => void;
  readonly exports: boolean;
  readonly onExports: (exports: boolean) => void;
  /** The drawer that "Export" opens. */
  readonly drawer: () => TemplateResult;
}

/** A result's name, model and facts, what its run left out, and what can be done with it. */
export function resultHead({
  title,
  document: { model, run },
  saved,
  inEditor,
  facts,
  actions = nothing,
  onSave,
  exports,
  onExports,
  drawer,
}: ResultHead): TemplateResult {
  return html`<header class="head">
      <div class="facts">
        <h1>${title}</h1>
        <span
          title="${model.architecture}, ${formatCount(model.layers)} layers, ${formatCompact(model.parameters)} parameters"
          >${model.name}</span
        >
        ${facts.map((fact) => html`<span>${fact}</span>`)}
        <span>${formatDuration(run.seconds)}</span>
        ${saved && inEditor ? html`<span class="badge">Saved result</span>` : nothing}
      </div>
      <div class="actions">
        ${actions} ${saved || !onSave ? nothing : button("Save", onSave)}
        ${button("Export", () => onExports(!exports), { expanded: exports })}
      </div>
    </header>
    ${notesOf(run.notes)} ${exports ? drawer() : nothing}`;
}

/** What was left out: nothing is cut silently. */
export function notesOf(notes: readonly string[]): TemplateResult | typeof nothing {
  return notes.length > 0
    ? html`<ul class="notes" aria-label="Notes on this run">
        ${notes.map((note) => html`<li>${note}</li>`)}
      </ul>`
    : nothing;
}
