import type { FromPairsView, PairsState } from "../../src/pages/pairs";
import type { Page } from "../shared/page";
import { goneMessage } from "../shared/run-messages";
import { headSection } from "./head";
import { pairSection } from "./pair";
import type { Panel } from "./panel";
import { rhoSection } from "./rho";
import { cancelledSection, runningSection } from "./running";
import { scatterSection } from "./scatter";
import { standingsSection } from "./standings";
import { firstView, type ViewState } from "./view-state";
import { html } from "../shared/template";

/** The page of sentence pairs with human scores. */
export const page: Page<PairsState, FromPairsView, ViewState> = {
  firstView,
  tried: "compared",
  run: {
    empty: () =>
      goneMessage(
        "These sentence pairs are not there any more",
        "Right-click a table of sentence pairs (.csv or .tsv) in the explorer and choose Paramscope › Compare sentence pairs to make them again.",
      ),
    running: runningSection,
    cancelled: cancelledSection,
  },
  finished: (result) => {
    const pair = Math.min(result.view.pair, result.document.pairs.length - 1);
    const panel: Panel = { ...result, view: { ...result.view, pair } };
    return html`${headSection(panel)} ${scatterSection(panel)} ${pairSection(panel)} ${standingsSection(panel)}
    ${rhoSection(panel)}`;
  },
  identify: ({ source, spearman }) => [source, spearman.deep],
  keep: ({ contrast }) => ({ contrast }),
};
