import { firstResultView, type ResultView } from "../shared/result-panel";

export type ChartName = "formats" | "share" | "ways";

/** What the user is looking at: kept by VS Code while the view is hidden and over a reload of the window. */
export interface ViewState extends ResultView<ChartName> {
  readonly layer: number;
  /** The heat map's column. */
  readonly column: number;
  /** The curve's place. */
  readonly place: number;
}

export const firstView: ViewState = { ...firstResultView, layer: 0, column: 0, place: 0 };
