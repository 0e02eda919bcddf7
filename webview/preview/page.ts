import type { CalibrationState, FromPreview, ToPreview } from "../../src/pages/preview";
import { madeOnce } from "../shared/made-once";
import type { Page } from "../shared/page";
import { ActivationLosses } from "./activation-losses";
import { askForCost } from "./ask-for-cost";
import { calibrationCancelled, calibrationForm, calibrationHead, calibrationRunning, welcome } from "./calibration";
import { evaluationSection } from "./evaluation";
import { exportSection } from "./export";
import type { Panel } from "./panel";
import { planControls, planSection } from "./plan";
import { nothingTold, receive, type Told } from "./told";
import { firstView, type ViewState } from "./view-state";
import { html } from "../shared/template";

const lossesOf = madeOnce((document: Panel["document"]) => new ActivationLosses(document));

/** The pruning preview of the side bar: the plan follows every control at once, all else is run on request. */
export const page: Page<CalibrationState, FromPreview, ViewState, Told, ToPreview> = {
  firstView,
  tried: "measured",
  run: {
    empty: welcome,
    running: calibrationRunning,
    cancelled: (state, stage) => html`${calibrationForm(stage)} ${calibrationCancelled(state, stage)}`,
  },
  finished: (result, { otherModel, choices, cost, parts } = nothingTold) => {
    const panel: Panel = { ...result, otherModel, choices, cost, parts, losses: lossesOf(result.document) };
    return html`${calibrationHead(panel)} ${planControls(panel)} ${planSection(panel)} ${evaluationSection(panel)}
    ${exportSection(panel)}`;
  },
  failed: (message, _, stage) => html`${calibrationForm(stage, { isAgain: true })} ${message}`,
  /** What the user has chosen stays; where charts stand does not. */
  keep: (view) => ({ ...view, layer: 0, column: 0, place: 0, scroll: 0 }),
  receive,
  ask: askForCost,
};
