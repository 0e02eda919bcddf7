import type { CalibrationDocument } from "../../src/engine/document/document";
import type { SavedPage } from "../shared/page";
import { choiceSection } from "./choice";
import { headSection } from "./head";
import { poolSection } from "./pool";
import { studySection } from "./study";
import { textsSection } from "./texts";
import { firstView, type ViewState } from "./view-state";
import { html } from "../shared/template";

/** The page of a study of calibrations: domains against domains, or chosen texts against random ones. */
export const page: SavedPage<CalibrationDocument, ViewState> = {
  firstView,
  tried: "read",
  finished: (panel) => {
    const { choice } = panel.document;
    return html`${headSection(panel)}
    ${choice === null ? studySection(panel) : html`${choiceSection(panel, choice)} ${poolSection(panel, choice)}`}
    ${textsSection(panel)}`;
  },
};
