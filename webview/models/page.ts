import type { ModelsDocument } from "../../src/engine/document/document";
import type { SavedPage } from "../shared/page";
import { activationsSection } from "./activations";
import { changeSection } from "./change";
import { headSection } from "./head";
import { matricesSection } from "./matrices";
import { othersSection } from "./others";
import { predictionsSection } from "./predictions";
import { firstView, type ViewState } from "./view-state";
import { html } from "../shared/template";

/** The page of two models on the same texts. */
export const page: SavedPage<ModelsDocument, ViewState> = {
  firstView,
  tried: "read",
  finished: (panel) =>
    html`${headSection(panel)} ${changeSection(panel)} ${matricesSection(panel)} ${activationsSection(panel)}
    ${predictionsSection(panel)} ${othersSection(panel)}`,
};
