import type { FrequencyState, FromFrequencyView } from "../../src/pages/frequency";
import type { Page } from "../shared/page";
import { goneMessage } from "../shared/run-messages";
import { nothingKept, runHeading, runningPage } from "../shared/run-page";
import { explain } from "../shared/section";
import { clusteringSection } from "./clustering";
import { distributionSection } from "./distribution";
import { explanations } from "./explanations";
import { expertsSection } from "./experts";
import { headSection } from "./head";
import { layersSection } from "./layers";
import { firstView, type ViewState } from "./view-state";
import { html } from "../shared/template";

/** The page of activation frequency: in how many texts weights are among the strongest. */
export const page: Page<FrequencyState, FromFrequencyView, ViewState> = {
  firstView,
  tried: "counted",
  run: {
    empty: () =>
      goneMessage(
        "These counts are not there any more",
        "To make them again, select several files or a folder in the explorer and choose Count how often weights are active.",
      ),
    running: ({ title, model, progress }, { post }) =>
      runningPage({
        heading: runHeading(title, model),
        progress,
        content: html`<p class="finding">It is counted text by text; the figures follow when all layers are there.</p>
          ${explain(post, explanations.layers, "Layers")}`,
        post,
      }),
    cancelled: nothingKept("Cancelled before all layers were counted: nothing is kept."),
  },
  finished: (panel) =>
    html`${headSection(panel)} ${layersSection(panel)} ${expertsSection(panel)} ${distributionSection(panel)} ${clusteringSection(panel)}`,
  identify: ({ target, samples }) => [target, samples],
};
