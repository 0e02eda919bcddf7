import { firstResultView, type ResultView } from "../shared/result-panel";

export type ChartName = "layers" | "ways";

/** What the user is looking at: kept by VS Code while the view is hidden and over a reload of the window. */
export interface ViewState extends ResultView<ChartName> {
  readonly layer: number;
  /** The bar of a way of choosing. */
  readonly way: number;
}

export const firstView: ViewState = { ...firstResultView, layer: 0, way: 0 };
