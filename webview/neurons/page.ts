import type { NeuronsDocument } from "../../src/engine/document/document";
import type { SavedPage } from "../shared/page";
import { agreementSection, divergenceSection } from "./curves";
import { headSection } from "./head";
import { layersSection } from "./layers";
import { firstView, type ViewState } from "./view-state";
import { html } from "../shared/template";

/** The page of a study of deactivated neurons. */
export const page: SavedPage<NeuronsDocument, ViewState> = {
  firstView,
  tried: "read",
  finished: (panel) =>
    html`${headSection(panel)} ${agreementSection(panel)} ${divergenceSection(panel)} ${layersSection(panel)}`,
};
