import type { ComparisonDocument } from "../../src/engine/document/document";
import type { FromComparisonView } from "../../src/pages/comparison";
import type { ResultPanel } from "../shared/result-panel";
import type { ViewState } from "./view-state";

/** Its document is as it is shown: with the sides in the places that the user gave them. */
export type Panel = ResultPanel<ComparisonDocument, ViewState, FromComparisonView>;
