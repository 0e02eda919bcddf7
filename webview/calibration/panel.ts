import type { CalibrationDocument } from "../../src/engine/document/document";
import type { CommonRequest } from "../../src/pages/run";
import type { ResultPanel } from "../shared/result-panel";
import type { ViewState } from "./view-state";

export type Panel = ResultPanel<CalibrationDocument, ViewState, CommonRequest>;

/** Texts that were chosen of a pool. */
export type Choice = NonNullable<CalibrationDocument["choice"]>;
