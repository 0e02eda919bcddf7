import type { BitsDocument } from "../../src/engine/document/document";
import type { SavedPage } from "../shared/page";
import { html } from "../shared/template";
import { costsSection } from "./costs";
import { formatsSection } from "./formats";
import { headSection } from "./head";
import { shareSection } from "./share";
import { firstView, type ViewState } from "./view-state";
import { waysSection } from "./ways";

/** The page of a choice of formats. */
export const page: SavedPage<BitsDocument, ViewState> = {
  firstView,
  tried: "read",
  finished: (panel) =>
    html`${headSection(panel)} ${costsSection(panel.document)} ${waysSection(panel)} ${formatsSection(panel)}
    ${shareSection(panel)}`,
};
