import type { FrequencyDocument, FrequencyLayer } from "../../src/engine/document/document";
import { elementAt } from "../../src/engine/numbers/elements";
import type { FromFrequencyView } from "../../src/pages/frequency";
import type { ResultPanel } from "../shared/result-panel";
import type { ViewState } from "./view-state";

export type Panel = ResultPanel<FrequencyDocument, ViewState, FromFrequencyView>;

/** The layer that is looked at. */
export function layerOf({ document: { layers }, view }: Panel): FrequencyLayer {
  return elementAt(layers, Math.min(view.layer, layers.length - 1));
}
