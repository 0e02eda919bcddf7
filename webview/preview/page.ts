import type { CalibrationState, FromPreview, ToPreview } from "../../src/pages/preview";
import type { TemplateResult } from "lit";
import { madeOnce } from "../shared/made-once";
import type { Page, Stage } from "../shared/page";
import { ActivationLosses } from "./activation-losses";
import { askForCost } from "./ask-for-cost";
import { bitsForm } from "./bits";
import { calibrationCancelled, calibrationForm, calibrationHead, calibrationRunning, welcome } from "./calibration";
import { evaluationSection } from "./evaluation";
import { exportSection } from "./export";
import { inMode } from "./modes";
import type { Panel } from "./panel";
import { planControls, planSection } from "./plan";
import { askForStructures, structureForm } from "./structure";
import { nothingTold, receive, type Told } from "./told";
import { firstView, type ViewState } from "./view-state";
import { html } from "../shared/template";

const lossesOf = madeOnce((document: Panel["document"]) => new ActivationLosses(document));

/** Draws what belongs to zeros, or where another tab is chosen what it has. */
const inZeros = (
  stage: Stage<ViewState, FromPreview>,
  told: Told | undefined,
  content: () => TemplateResult,
): TemplateResult =>
  inMode(stage, () => {
    switch (stage.view.mode) {
      case "bits":
        return bitsForm(stage);
      case "structure":
        return structureForm(stage, told?.structures);
      case "zeros":
        return content();
    }
  });

/** What the page asks for by itself: what can be taken out, once that is looked at, else what an evaluation would take. */
const ask: typeof askForCost = (now) => askForStructures(now) ?? askForCost(now);

/** The compression preview of the side bar: the plan of zeros follows every control at once, all else is run on request. */
export const page: Page<CalibrationState, FromPreview, ViewState, Told, ToPreview> = {
  firstView,
  tried: "measured",
  run: {
    empty: (stage, told) => inZeros(stage, told, () => welcome(stage)),
    running: (state, stage, told) => inZeros(stage, told, () => calibrationRunning(state, stage)),
    cancelled: (state, stage, told) =>
      inZeros(stage, told, () => html`${calibrationForm(stage)} ${calibrationCancelled(state, stage)}`),
  },
  finished: (result, told = nothingTold) => {
    const { otherModel, choices, cost, parts } = told;
    const panel: Panel = { ...result, otherModel, choices, cost, parts, losses: lossesOf(result.document) };
    return inZeros(
      result,
      told,
      () => html`${calibrationHead(panel)} ${planControls(panel)} ${planSection(panel)} ${evaluationSection(panel)}
    ${exportSection(panel)}`,
    );
  },
  failed: (message, _, stage, told) =>
    inZeros(stage, told, () => html`${calibrationForm(stage, { isAgain: true })} ${message}`),
  /** What the user has chosen stays; where charts stand does not. */
  keep: (view) => ({ ...view, layer: 0, column: 0, place: 0, scroll: 0 }),
  receive,
  ask,
};
