import { nothing } from "lit";
import type { FromPatchingView, PatchingState } from "../../src/pages/patching";
import type { Page } from "../shared/page";
import { goneMessage } from "../shared/run-messages";
import { nothingKept } from "../shared/run-page";
import { gridMap, gridSection } from "./grid";
import { headSection } from "./head";
import { placeSection } from "./place";
import { runAgainForm } from "./run-again";
import { runningSection } from "./running";
import { firstView, type ViewState } from "./view-state";
import { html } from "../shared/template";

/** The page of activation patching. */
export const page: Page<PatchingState, FromPatchingView, ViewState> = {
  firstView,
  tried: "patched",
  run: {
    empty: () =>
      goneMessage(
        "This patching is not there any more",
        "To patch one prompt into another, mark a selection as prompt A, select the other and choose Patch prompt A into selection, or select two files in the explorer.",
      ),
    running: (state, { post }) => runningSection(state, post),
    cancelled: nothingKept("Cancelled before all places were patched: nothing is kept."),
  },
  finished: (panel) =>
    html`${headSection(panel)} ${gridSection(panel)} ${panel.view.opened ? placeSection(panel) : nothing}`,
  /** Where other answers are what it takes, they are asked for. */
  failed: (message, { settings }, { post }) => {
    const form = settings?.includes("answers") ? runAgainForm({ site: "residual" }, post) : nothing;
    return html`${message}
      <div class="below-message">${form}</div>`;
  },
  identify: ({ site, answers }) => [site, answers.a.id, answers.b.id],
  /** From the next tokens of one place back to the heat map. */
  back: ({ view, change, focus }) => {
    if (!view.opened) return false;
    change({ opened: false });
    focus(gridMap);
    return true;
  },
};
