import { firstResultView, type ResultView } from "../shared/result-panel";

export type ChartName = "grid" | "place";

/** What the user is looking at: kept by VS Code while the view is hidden and over a reload of the window. */
export interface ViewState extends ResultView<ChartName> {
  /** The cell that is walked: layer and position. */
  readonly row: number;
  readonly column: number;
  /** What the patch there makes of the next token is shown. */
  readonly opened: boolean;
  /** The form for another run is open. */
  readonly again: boolean;
}

export const firstView: ViewState = {
  ...firstResultView,
  row: 0,
  column: 0,
  opened: false,
  again: false,
};
