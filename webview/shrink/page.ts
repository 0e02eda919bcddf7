import type { ShrinkDocument } from "../../src/engine/document/document";
import type { SavedPage } from "../shared/page";
import { html } from "../shared/template";
import { costsSection } from "./costs";
import { headSection } from "./head";
import { layersSection } from "./layers";
import { firstView, type ViewState } from "./view-state";
import { waysSection } from "./ways";

/** The page of a model that lost layers, neurons, heads or experts. */
export const page: SavedPage<ShrinkDocument, ViewState> = {
  firstView,
  tried: "read",
  finished: (panel) =>
    html`${headSection(panel)} ${costsSection(panel.document)} ${waysSection(panel)} ${layersSection(panel)}`,
};
