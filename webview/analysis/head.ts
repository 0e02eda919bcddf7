import { nothing, type TemplateResult } from "lit";
import type { AnalysisDocument } from "../../src/engine/document/document";
import { formatCompact, formatCount, formatDuration } from "../../src/format/numbers";
import { button } from "../shared/controls";
import { notesOf } from "../shared/result-head";
import { askedLines } from "./asked";
import { explainDrawer } from "./explain";
import { exportDrawer } from "./export-drawer";
import type { Panel } from "./panel";
import { runAgainDrawer } from "./run-again";
import type { Drawer } from "./view-state";
import { html } from "../shared/template";

/** What was analysed, with which model, what the model says next; and what can be done with the result. */
export function headSection(panel: Panel): TemplateResult {
  const { title, document, saved, inEditor, view, change, post } = panel;
  const { model, run } = document;
  const drawer = (name: Drawer, label: string) =>
    button(label, () => change({ drawer: view.drawer === name ? undefined : name }), {
      expanded: view.drawer === name,
    });
  return html`<header class="head">
      <div class="facts">
        <h1>${title}</h1>
        <span title="${model.architecture}, ${formatCount(model.layers)} layers, ${formatCompact(model.parameters)} parameters"
          >${model.name}</span
        >
        <span>${tokensText(document)}</span>
        <span>${formatDuration(run.seconds)}</span>
        ${saved && inEditor ? html`<span class="badge">Saved result</span>` : nothing}
      </div>
      <div class="actions">
        ${saved ? nothing : drawer("explain", "Explain")} ${saved ? nothing : drawer("run-again", "Run again with…")}
        ${inEditor ? button("Use as calibration", () => post({ type: "useAsCalibration" })) : nothing}
        ${!inEditor || (saved && !view.threshold) ? nothing : button("Save", () => post({ type: "save" }))}
        ${drawer("export", "Export")}
      </div>
    </header>
    ${askedLines(panel)} ${notes(document)}
    ${!saved && view.drawer === "explain" ? explainDrawer(panel) : nothing}
    ${!saved && view.drawer === "run-again" ? runAgainDrawer(panel) : nothing}
    ${view.drawer === "export" ? exportDrawer(panel) : nothing}`;
}

function tokensText({ samples }: AnalysisDocument): string {
  const tokens = samples.reduce((sum, sample) => sum + sample.tokens.length, 0);
  const counted = `${formatCount(tokens)} ${tokens === 1 ? "token" : "tokens"}`;
  return samples.length > 1 ? `${formatCount(samples.length)} samples, ${counted}` : counted;
}

/** What was left out; results of an older version only count it. */
function notes({ run }: AnalysisDocument): TemplateResult | typeof nothing {
  const skipped =
    run.windowsSkipped > 0 && run.notes.length === 0
      ? [`${formatCount(run.windowsSkipped)} pieces of long texts were not taken.`]
      : [];
  return notesOf([...run.notes, ...skipped]);
}
