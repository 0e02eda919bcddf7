import type { ResultView } from "../shared/result-app";

export type ChartName = "grid" | "place";

/** What the user is looking at: kept by VS Code while the view is hidden and over a reload of the window. */
export interface ViewState extends ResultView {
  /** The cell that is walked: layer and position. */
  readonly row: number;
  readonly column: number;
  /** What the patch there makes of the next token is shown. */
  readonly opened: boolean;
  /** Charts that are shown as tables. */
  readonly tables: readonly ChartName[];
}

export const firstView: ViewState = {
  result: "",
  row: 0,
  column: 0,
  opened: false,
  tables: [],
  exports: false,
  scroll: 0,
};
