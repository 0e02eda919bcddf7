import { swapSides } from "../../src/engine/document/swap-sides";
import type { ComparisonState, FromComparisonView } from "../../src/pages/comparison";
import { button } from "../shared/controls";
import { madeOnce } from "../shared/made-once";
import type { Page } from "../shared/page";
import { goneMessage } from "../shared/run-messages";
import { curvesSection } from "./curves";
import { expertsSection } from "./experts";
import { headSection } from "./head";
import { matricesSection } from "./matrices";
import { matrixSection } from "./matrix";
import { closeMatrix } from "./opening";
import { nextSection } from "./next";
import type { Panel } from "./panel";
import { partingSection } from "./parting";
import { cancelledSection, runningSection } from "./running";
import { textsSection } from "./texts";
import { firstView, keep, type ViewState } from "./view-state";
import { html } from "../shared/template";

const swapped = madeOnce(swapSides);

/** The page of one comparison. */
export const page: Page<ComparisonState, FromComparisonView, ViewState> = {
  firstView,
  tried: "compared",
  run: {
    empty: ({ post }) =>
      goneMessage(
        "This comparison is not there any more",
        "To compare two texts, select two files in the explorer and choose Compare activations of selected, or mark a selection as prompt A and compare another with it.",
        button("Compare two results", () => post({ type: "compareResults" }), { primary: true }),
      ),
    running: runningSection,
    cancelled: cancelledSection,
  },
  finished: (result) => {
    const { document, view } = result;
    const panel: Panel = { ...result, document: view.swapped ? swapped(document) : document };
    return html`${headSection(panel)} ${textsSection(panel)} ${nextSection(panel)} ${curvesSection(panel)} ${partingSection(panel)}
    ${view.opened ? matrixSection(panel) : html`${matricesSection(panel)} ${expertsSection(panel)}`}`;
  },
  identify: ({ target, relevance }) => [target, relevance],
  keep,
  choice: ({ swapped }) => ({ type: "chooseSides", swapped }),
  /** From one matrix back to the heat map. */
  back: (stage) => {
    if (!stage.view.opened) return false;
    closeMatrix(stage);
    return true;
  },
};
