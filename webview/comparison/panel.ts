import type { ComparisonDocument } from "../../src/engine/document/document";
import type { FromComparisonView } from "../../src/pages/comparison";
import type { ResultPanel } from "../shared/result-panel";
import type { ViewState } from "./view-state";

/** What every part of a comparison draws from: the document has its sides in the places that the user gave them. */
export type Panel = ResultPanel<ComparisonDocument, ViewState, FromComparisonView>;
