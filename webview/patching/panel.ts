import type { PatchingDocument } from "../../src/engine/document/document";
import { elementAt } from "../../src/engine/numbers/elements";
import type { FromPatchingView } from "../../src/pages/patching";
import type { ResultPanel } from "../shared/result-panel";
import type { ViewState } from "./view-state";

export type Panel = ResultPanel<PatchingDocument, ViewState, FromPatchingView>;

/** The cell that is walked, within this document. */
export function cellOf({ document: { values }, view }: Panel): { row: number; column: number } {
  return {
    row: Math.min(view.row, values.length - 1),
    column: Math.min(view.column, elementAt(values, 0).length - 1),
  };
}
