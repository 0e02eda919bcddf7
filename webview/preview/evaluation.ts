import type { VscodeTextfield } from "@vscode-elements/elements/dist/vscode-textfield/index.js";
import { nothing, type TemplateResult } from "lit";
import type { PruningDocument } from "../../src/engine/document/document";
import { formatBytes } from "../../src/engine/numbers/bytes";
import { formatDuration } from "../../src/format/numbers";
import { methodInWords } from "../../src/format/pruning";
import { costsSection } from "../pruning/costs";
import { lossSection } from "../pruning/loss-map";
import { magnitudeLosses } from "../pruning/matrices";
import { button, option, select } from "../shared/controls";
import { notesOf } from "../shared/result-head";
import { curvePart } from "./curve";
import type { Panel } from "./panel";
import { partOfView } from "./part";
import { canContinue, planOf, wantedEvaluation, WINDOWS } from "./view-state";
import { html } from "../shared/template";
import { textChoice } from "../shared/text-choice";

/** What pruning as planned costs, once it is asked for. */
export function evaluationSection(panel: Panel): TemplateResult {
  const { view, change, post, parts } = panel;
  const { evaluation } = parts;
  const evaluate = () => post({ type: "evaluate", ...wantedEvaluation(view, canContinue(panel.choices)) });
  return html`<section class="section evaluation" aria-labelledby="evaluation-title">
    <header><h2 id="evaluation-title" tabindex="-1">What it costs</h2></header>
    <div class="controls">
      <div class="control">
        <span class="field-label" aria-hidden="true">Perplexity on</span>
        ${textChoice({ label: "Evaluation text", value: view.evaluateOn, other: "Other file…", onChange: (evaluateOn) => change({ evaluateOn }) })}
      </div>
      <div class="control">
        <span class="field-label" aria-hidden="true">At most</span>
        ${select({
          label: "Windows of the evaluation text",
          value: String(view.windows),
          options: WINDOWS.map((count) => option(String(count), `${count} windows`)),
          onChange: (windows) => change({ windows: Number(windows) }),
        })}
      </div>
    </div>
    ${promptField(panel)}
    ${
      evaluation.phase === "running"
        ? nothing
        : html`<div class="actions">${button("Evaluate", evaluate, { primary: evaluation.phase !== "done" })}
            <span class="note cost" role="status">${costText(panel)}</span>
          </div>`
    }
    ${partOfView(evaluation, "evaluation", post)}
    ${evaluation.phase === "done" ? evaluated(panel, evaluation.document) : nothing}
  </section>`;
}

function costText({ cost }: Panel): string {
  if (cost === null) return "";
  if (cost === "short") return "a few seconds";
  const [low, high] = cost.seconds.map(formatDuration);
  return `about ${low} to ${high} · ${formatBytes(cost.memory)}`;
}

/** What both models are to continue, where all weights fit into memory. */
function promptField(panel: Panel): TemplateResult | typeof nothing {
  const { choices, view, change } = panel;
  if (choices === null) return nothing;
  if (!canContinue(choices))
    return html`<p class="note">
      Here no prompt is continued: all weights in memory take ${formatBytes(choices.continuationMemory)}, and a run may
      use ${formatBytes(choices.budget)}.
    </p>`;
  return html`<div class="control">
    <span class="field-label" aria-hidden="true">Let both models continue</span>
    <vscode-textfield
      .label=${"A prompt for both models to continue"}
      placeholder="The town was"
      .value=${view.prompt}
      @change=${(event: Event) => change({ prompt: (event.currentTarget as VscodeTextfield).value })}
    ></vscode-textfield>
  </div>`;
}

function evaluated(panel: Panel, document: PruningDocument): TemplateResult {
  const { view, post } = panel;
  const isOld = methodInWords(planOf(view)) !== methodInWords(document);
  return html`<div class="evaluated">
    <h3>${methodInWords(document)}</h3>
    ${isOld ? html`<p class="note">The plan has changed since: evaluate again for its figures.</p>` : nothing}
    ${costsSection(document)} ${notesOf(document.run.notes)}
    <div class="actions">${button("Save", () => post({ type: "save" }))}</div>
    ${lossSection(panel, magnitudeLosses(document))} ${curvePart(panel, document)}
  </div>`;
}
