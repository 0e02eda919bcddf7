import { firstResultView, type ResultView } from "../shared/result-panel";

export type ChartName = "scatter" | "pair" | "standings" | "rho";

/** What the user is looking at: kept by VS Code while the view is hidden and over a reload of the window. */
export interface ViewState extends ResultView<ChartName> {
  /** Pairs are shown by contrast relevance, where it was asked for, instead of relevance. */
  readonly contrast: boolean;
  /** The pair that is chosen. */
  readonly pair: number;
  /** The row that the comparison with words and hidden states stands on. */
  readonly standing: number;
  /** The layer that the curves stand on. */
  readonly layer: number;
}

export const firstView: ViewState = {
  ...firstResultView,
  contrast: true,
  pair: 0,
  standing: 0,
  layer: 0,
};
