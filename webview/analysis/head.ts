import { html, nothing, type TemplateResult } from "lit";
import type { AnalysisDocument, SampleDescription } from "../../src/engine/document/document";
import { endInWords, quoted, targetInWords } from "../../src/format/model-words";
import { formatCompact, formatCount, formatDuration, formatNumber, formatShare } from "../../src/format/numbers";
import { button } from "../shared/controls";
import { notesOf } from "../shared/result-head";
import { exportDrawer } from "./export-drawer";
import type { Panel } from "./panel";
import { runAgainDrawer } from "./run-again";
import { shownSample } from "./text";
import type { Drawer } from "./view-state";

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
        ${saved ? nothing : drawer("run-again", "Run again with…")}
        ${inEditor ? button("Use as calibration", () => post({ type: "useAsCalibration" })) : nothing}
        ${!inEditor || (saved && !view.threshold) ? nothing : button("Save", () => post({ type: "save" }))}
        ${drawer("export", "Export")}
      </div>
    </header>
    ${answer(panel)} ${notes(document)}
    ${!saved && view.drawer === "run-again" ? runAgainDrawer(panel) : nothing}
    ${view.drawer === "export" ? exportDrawer(panel) : nothing}`;
}

function tokensText({ samples }: AnalysisDocument): string {
  const tokens = samples.reduce((sum, sample) => sum + sample.tokens.length, 0);
  const counted = `${formatCount(tokens)} tokens`;
  return samples.length > 1 ? `${formatCount(samples.length)} samples, ${counted}` : counted;
}

/** The next token with its probability and the four after it; and the target, where it is another. */
function answer(panel: Panel): TemplateResult | typeof nothing {
  const { document } = panel;
  const sample = shownSample(panel);
  if (!sample) return nothing;
  const [first, ...others] = sample.nextTokens;
  const about = document.samples.length > 1 ? html` <span class="note">(${sample.source})</span>` : nothing;
  const probability = sample.targetProbability === null ? "" : ` ${formatShare(sample.targetProbability)}`;
  return html`<p class="answer">
    ${
      first
        ? html`<span class="next" title=${askedInWords(document, sample)}>Next token <b>${quoted(first.text)}</b> ${formatShare(first.probability)}${about}</span>
            <span class="others"
              >then ${others.map(
                ({ text, probability }, i) =>
                  html`${i > 0 ? ", " : ""}<span class="other">${quoted(text)} ${formatShare(probability)}</span>`,
              )}</span
            >`
        : nothing
    }
    ${
      document.target === "max-logit" || document.target === "spread"
        ? nothing
        : html`<span class="target"
            >Explained: ${targetInWords(document.target)}${sample.answer && document.target === "answer" ? html` <b>${quoted(sample.answer.text)}</b>` : nothing}${
              sample.targetToken ? html` <b>${quoted(sample.targetToken.text)}</b>` : nothing
            }${probability}, y = ${formatNumber(sample.targetValue)}</span
          >`
    }
  </p>`;
}

/** What the figures are of, where that is not said beside them. */
function askedInWords({ target }: AnalysisDocument, { text }: SampleDescription): string {
  const asked = target === "spread" ? targetInWords(target) : "what comes next";
  return `${asked} after ${endInWords(text)}`;
}

/** What was left out; results of an older version only count it. */
function notes({ run }: AnalysisDocument): TemplateResult | typeof nothing {
  const skipped =
    run.windowsSkipped > 0 && run.notes.length === 0
      ? [`${formatCount(run.windowsSkipped)} pieces of long texts were not taken.`]
      : [];
  return notesOf([...run.notes, ...skipped]);
}
