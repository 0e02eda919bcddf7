import type { BitsDocument } from "../../src/engine/document/document";
import type { FromBitsView } from "../../src/pages/bits";
import type { ResultPanel } from "../shared/result-panel";
import type { ViewState } from "./view-state";

export interface Panel extends ResultPanel<BitsDocument, ViewState, FromBitsView> {
  /** The document with the formats of the size that the slider stands at; the same as `document` where that is its own. */
  readonly planned: BitsDocument;
}

/** The panel as of the size that the slider stands at. */
export const asPlanned = (panel: Panel): Panel => ({ ...panel, document: panel.planned });
