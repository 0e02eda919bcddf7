import type { FromPruningView, PruningState } from "../../src/pages/pruning";
import type { Page } from "../shared/page";
import { goneMessage } from "../shared/run-messages";
import { nothingKept, runHeading, runningPage } from "../shared/run-page";
import { finishedSection } from "./finished";
import { firstView, type ViewState } from "./view-state";
import { html } from "../shared/template";

/** The page of a pruning, from the history or a saved file. */
export const page: Page<PruningState, FromPruningView, ViewState> = {
  firstView,
  tried: "pruned",
  run: {
    empty: () =>
      goneMessage(
        "This pruning is not there any more",
        "To make it again, evaluate it in the Compression preview of the side bar.",
      ),
    running: ({ title, model, progress }, { post }) =>
      runningPage({ heading: runHeading(title, model), progress, content: html``, post }),
    cancelled: nothingKept("Cancelled before all layers were pruned: nothing is kept."),
  },
  finished: finishedSection,
};
