import type { DomainsState, FromDomainsView } from "../../src/pages/domains";
import { button } from "../shared/controls";
import type { Page } from "../shared/page";
import { goneMessage } from "../shared/run-messages";
import { densitySection } from "./density";
import { headSection } from "./head";
import { layersSection } from "./layers";
import { neuronsSection } from "./neurons";
import { overlapSection } from "./overlap";
import { relevanceSection } from "./relevance";
import { cancelledSection, runningSection } from "./running";
import { firstView, type ViewState } from "./view-state";
import { html } from "../shared/template";

/** The page of a comparison of domains. */
export const page: Page<DomainsState, FromDomainsView, ViewState> = {
  firstView,
  tried: "compared",
  run: {
    empty: ({ post }) =>
      goneMessage(
        "This comparison of folders is not there any more",
        "To make it again, select the folders in the explorer and choose Compare folders, or choose them here.",
        button("Compare folders", () => post({ type: "compareFolders" }), { primary: true }),
      ),
    running: runningSection,
    cancelled: cancelledSection,
  },
  finished: (panel) =>
    html`${headSection(panel)} ${layersSection(panel)} ${relevanceSection(panel)} ${overlapSection(panel)}
    ${neuronsSection(panel)} ${densitySection(panel)}`,
  identify: ({ target, domains }) => [target, domains.map(({ name }) => name)],
  keep: ({ contrast }) => ({ contrast }),
};
