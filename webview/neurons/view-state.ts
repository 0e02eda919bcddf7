import type { ResultView } from "../shared/result-panel";

export type ChartName = "agreement" | "divergence" | "layers";

/** What the user is looking at: kept by VS Code while the view is hidden and over a reload of the window. */
export interface ViewState extends ResultView {
  /** The share that both curves stand on, by its place; −1 before one was chosen. */
  readonly place: number;
  readonly layer: number;
  /** Charts that are shown as tables. */
  readonly tables: readonly ChartName[];
}

export const firstView: ViewState = { result: "", exports: false, scroll: 0, place: -1, layer: 0, tables: [] };
