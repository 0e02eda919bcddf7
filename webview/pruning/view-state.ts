import { firstResultView, type ResultView } from "../shared/result-panel";

export type ChartName = "layers" | "losses" | "matrices" | "curve";

/** The places that the charts of a pruning stand on. */
export interface PrunedView {
  /** The layer that all charts stand on. */
  readonly layer: number;
  /** The heat map's column. */
  readonly column: number;
  /** Whose matrices its columns of experts show; all experts' together where it is missing. */
  readonly expert?: number | undefined;
  /** The curve's place. */
  readonly place: number;
  /** Charts that are shown as tables. */
  readonly tables: readonly ChartName[];
}

/** What the user is looking at: kept by VS Code while the view is hidden and over a reload of the window. */
export type ViewState = ResultView<ChartName> & PrunedView;

/** The places that the charts stand on at first. */
export const firstPlaces: PrunedView = { layer: 0, column: 0, place: 0, tables: [] };

export const firstView: ViewState = { ...firstResultView, ...firstPlaces };
