import type { NeuronsDocument } from "../../src/engine/document/document";
import type { SavedPanel } from "../shared/saved-app";
import type { ViewState } from "./view-state";

export type Panel = SavedPanel<NeuronsDocument, ViewState>;
