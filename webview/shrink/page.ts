import type { FromShrinkView, ShrinkState } from "../../src/pages/shrink";
import type { Page } from "../shared/page";
import { goneMessage } from "../shared/run-messages";
import { nothingKept, runHeading, runningPage } from "../shared/run-page";
import { html } from "../shared/template";
import { amountSection } from "./amount";
import { costsSection } from "./costs";
import { headSection } from "./head";
import { layersSection } from "./layers";
import { firstView, type ViewState } from "./view-state";
import { waysSection } from "./ways";

/** The page of a model that lost layers, neurons, heads or experts: how much goes and what that costs is run on request. */
export const page: Page<ShrinkState, FromShrinkView, ViewState> = {
  firstView,
  tried: "used to remove parts",
  run: {
    empty: () =>
      goneMessage(
        "This smaller model is not there any more",
        "To make it again, choose Structure in the compression preview of the side bar.",
      ),
    running: ({ title, model, progress }, { post }) =>
      runningPage({
        heading: runHeading(title, model),
        progress,
        content: html`<p class="finding">
          What goes is chosen step by step, each measured without what is gone; then both models read by turns, which
          says how fast they are. What was measured is kept: to measure or export the same takes no second choice.
        </p>`,
        post,
      }),
    cancelled: nothingKept("Cancelled before what goes was chosen and measured: nothing is kept."),
  },
  finished: (panel) =>
    html`${headSection(panel)} ${amountSection(panel)} ${costsSection(panel)} ${waysSection(panel)}
    ${layersSection(panel)}`,
  identify: ({ structure, by, removed, evaluation, files }) => [
    structure,
    by,
    removed,
    evaluation?.text,
    files.map(({ path }) => path),
  ],
  keep: ({ measureOn, ways, isCurve }) => ({ measureOn, ways, isCurve }),
};
