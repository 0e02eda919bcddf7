import type { PairsDocument } from "../../src/engine/document/document";
import type { FromPairsView } from "../../src/pages/pairs";
import type { ResultPanel } from "../shared/result-panel";
import type { ViewState } from "./view-state";

export type Panel = ResultPanel<PairsDocument, ViewState, FromPairsView>;

/** Whether pairs are shown by contrast relevance: where it is wanted and there. */
export function isByContrast({ document, view }: Pick<Panel, "document" | "view">): boolean {
  return view.contrast && document.contrastSpearman !== null;
}
