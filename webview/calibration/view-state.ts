import { firstResultView, type ResultView } from "../shared/result-panel";

export type ChartName = "study" | "choice";

/** What a cell of the heat map is. */
export type MeasureName = "perplexity" | "increase" | "agreement" | "divergence";

/** What the user is looking at: kept by VS Code while the view is hidden and over a reload of the window. */
export interface ViewState extends ResultView<ChartName> {
  readonly measure: MeasureName;
  /** The calibration that the chart stands on. */
  readonly row: number;
  /** The evaluation. */
  readonly column: number;
}

export const firstView: ViewState = {
  ...firstResultView,
  measure: "perplexity",
  row: 0,
  column: 0,
};
