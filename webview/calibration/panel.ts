import type { CalibrationDocument } from "../../src/engine/document/document";
import type { SavedPanel } from "../shared/saved-app";
import type { ViewState } from "./view-state";

export type Panel = SavedPanel<CalibrationDocument, ViewState>;

/** Texts that were chosen of a pool. */
export type Choice = NonNullable<CalibrationDocument["choice"]>;
