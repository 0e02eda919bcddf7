import { firstResultView, type ResultView } from "../shared/result-panel";

export type ChartName = "agreement" | "divergence" | "layers";

/** What the user is looking at: kept by VS Code while the view is hidden and over a reload of the window. */
export interface ViewState extends ResultView<ChartName> {
  /** The share that both curves stand on, by its place; −1 before one was chosen. */
  readonly place: number;
  readonly layer: number;
}

export const firstView: ViewState = {
  ...firstResultView,
  place: -1,
  layer: 0,
};
