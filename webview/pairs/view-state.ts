import { firstResultView, type ResultView } from "../shared/result-panel";

export type ChartName = "scatter" | "pair" | "rho";

/** What the user is looking at: kept by VS Code while the view is hidden and over a reload of the window. */
export interface ViewState extends ResultView<ChartName> {
  /** Pairs are shown by contrast relevance instead of relevance. */
  readonly contrast: boolean;
  /** The pair that is chosen. */
  readonly pair: number;
  /** The layer that the curves stand on. */
  readonly layer: number;
}

export const firstView: ViewState = {
  ...firstResultView,
  contrast: false,
  pair: 0,
  layer: 0,
};
