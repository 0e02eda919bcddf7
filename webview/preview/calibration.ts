import { nothing, type TemplateResult } from "lit";
import { formatCount } from "../../src/format/numbers";
import { readable } from "../../src/format/readable";
import type { CalibrationState, FromPreview, TextChoice } from "../../src/pages/preview";
import { button } from "../shared/controls";
import type { Phase } from "../shared/follow-run";
import { meanActivationBars } from "../shared/mean-activation-bars";
import { notesOf } from "../shared/result-head";
import type { Stage } from "../shared/page";
import { cancelledPage, runHeading, runningPage } from "../shared/run-page";
import type { Panel } from "./panel";
import type { ViewState } from "./view-state";
import { html } from "../shared/template";
import { textChoice } from "../shared/text-choice";

type RunStage = Stage<ViewState, FromPreview>;
export type Form = Pick<RunStage, "view" | "change" | "post">;

/** Nothing yet: what this is for, and where to begin. */
export function welcome(form: Form): TemplateResult {
  return html`<section class="welcome" aria-labelledby="welcome-title">
    <h1 id="welcome-title">Which weights can go?</h1>
    <p>
      Layers that activate densely need more of their weights than others. Choose texts of the kind that the model is
      for: what they activate decides how much of each layer goes, and you see what each matrix would lose.
    </p>
    ${calibrationForm(form)}
    <p class="note">Nothing of the model is changed. An analysis can calibrate too: <b>Use as calibration</b> in its panel.</p>
  </section>`;
}

/** Which texts calibrate, and the button that measures them. */
export function calibrationForm(
  { view, change, post }: Form,
  {
    isAgain = false,
    action = "Measure",
    onMeasure = (from) => post({ type: "calibrate", from }),
  }: {
    readonly isAgain?: boolean;
    readonly action?: string;
    readonly onMeasure?: (from: TextChoice) => void;
  } = {},
): TemplateResult {
  return html`<div class="control">
    <span class="field-label" aria-hidden="true">Calibration</span>
    <div class="with-button">
      ${textChoice({ label: "Calibration texts", value: view.calibrateWith, other: "Folder…", onChange: (calibrateWith) => change({ calibrateWith }) })}
      ${button(action, () => onMeasure(view.calibrateWith), { primary: !isAgain })}
    </div>
  </div>`;
}

/** What the plan follows from. */
export function calibrationHead(panel: Panel): TemplateResult {
  const { title, document } = panel;
  const tokens = document.samples.reduce((sum, sample) => sum + sample.tokens.length, 0);
  return html`${calibrationForm(panel, { isAgain: true })}
    <h1>${title}</h1>
    <p class="note facts-line">
      ${[
        document.model.name,
        ...(document.samples.length > 1 ? [`${formatCount(document.samples.length)} samples`] : []),
        `${formatCount(tokens)} tokens`,
      ].join(" · ")}
    </p>
    ${otherModelNote(panel)} ${foldedNotes(document.run.notes)}`;
}

/** A plan is of the model that was calibrated, whichever is chosen meanwhile. */
function otherModelNote({ otherModel, document }: Panel): TemplateResult | typeof nothing {
  if (otherModel === null) return nothing;
  return html`<p class="note other-model" role="status">
    All of this is of ${readable(document.model.name)}, which was calibrated. The model that is chosen now is
    ${readable(otherModel)}: Measure takes that one.
  </p>`;
}

/** A folder may have many, and here is little room. */
function foldedNotes(notes: readonly string[]): TemplateResult | typeof nothing {
  if (notes.length < 2) return notesOf(notes);
  return html`<details class="explanation">
    <summary>${formatCount(notes.length)} notes on what was taken</summary>
    ${notesOf(notes)}
  </details>`;
}

/** A calibration that is under way, with the layers that are there. */
export function calibrationRunning(
  { title, model, progress, layers }: Phase<CalibrationState, "running">,
  { post, width, view, change }: RunStage,
): TemplateResult {
  return runningPage({
    heading: runHeading(title, model),
    progress,
    content: html`<p class="finding">Measuring what the calibration texts activate; the plan follows when all layers are there.</p>
      ${meanActivationBars(layers, progress.layers, { top: 2, width, focused: view.layer, onFocus: (layer) => change({ layer }) })}`,
    post,
  });
}

/** A calibration that was cancelled, with the layers that are there. */
export function calibrationCancelled(
  { title, layers, layerCount }: Phase<CalibrationState, "cancelled">,
  { post, width, view, change }: RunStage,
): TemplateResult {
  return cancelledPage({
    heading: runHeading(title),
    layers,
    layerCount,
    kept: "A plan needs the density of all.",
    content: meanActivationBars(layers, layerCount, {
      top: 2,
      width,
      focused: view.layer,
      onFocus: (layer) => change({ layer }),
    }),
    post,
  });
}
