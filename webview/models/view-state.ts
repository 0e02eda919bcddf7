import { firstResultView, type ResultView } from "../shared/result-panel";
import type { MatrixMeasure } from "../../src/format/models";

export type ChartName = "change" | "matrices" | "activations" | "predictions";

/** What the user is looking at: kept by VS Code while the view is hidden and over a reload of the window. */
export interface ViewState extends ResultView<ChartName> {
  /** The layer that all charts over layers stand on. */
  readonly layer: number;
  /** The column of the heat map. */
  readonly column: number;
  /** Whose matrices its columns of experts show; all experts' together where it is missing. */
  readonly expert?: number | undefined;
  readonly measure: MatrixMeasure;
  /** The row of the predictions, those that moved most first. */
  readonly prediction: number;
  /** The next token that is stood on, the likeliest first. */
  readonly next: number;
}

export const firstView: ViewState = { ...firstResultView, layer: 0, column: 0, measure: "change", prediction: 0, next: 0 };
