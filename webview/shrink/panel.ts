import type { ShrinkDocument } from "../../src/engine/document/document";
import type { FromShrinkView } from "../../src/pages/shrink";
import type { ResultPanel } from "../shared/result-panel";
import type { ViewState } from "./view-state";

export type Panel = ResultPanel<ShrinkDocument, ViewState, FromShrinkView>;
