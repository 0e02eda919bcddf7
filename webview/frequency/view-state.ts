import { firstResultView, type ResultView } from "../shared/result-panel";

export type ChartName = "layers" | "experts" | "distribution" | "clustering";

export type ExpertMeasure = "samples" | "always" | "correlation";

/** What the user is looking at: kept by VS Code while the view is hidden and over a reload of the window. */
export interface ViewState extends ResultView<ChartName> {
  /** The layer that all charts stand on. */
  readonly layer: number;
  /** The heat map's column. */
  readonly column: number;
  /** The expert that is chosen, and what the heat map of experts shows: the samples that reach each where it is missing. */
  readonly expert?: number;
  readonly experts?: ExpertMeasure;
  /** The number of samples that the distribution stands on. */
  readonly times: number;
}

export const firstView: ViewState = {
  ...firstResultView,
  layer: 0,
  column: 0,
  times: 0,
};
