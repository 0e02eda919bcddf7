import type { ResultView } from "../shared/result-panel";

export type ChartName = "scatter" | "pair" | "rho";

/** What the user is looking at: kept by VS Code while the view is hidden and over a reload of the window. */
export interface ViewState extends ResultView {
  /** By contrast relevance instead of relevance. */
  readonly contrast: boolean;
  /** The pair that is chosen. */
  readonly pair: number;
  /** The layer that the curves stand on. */
  readonly layer: number;
  /** Charts that are shown as tables. */
  readonly tables: readonly ChartName[];
}

export const firstView: ViewState = {
  result: "",
  contrast: false,
  pair: 0,
  layer: 0,
  tables: [],
  exports: false,
  scroll: 0,
};
