import type { BitsDocument } from "../../src/engine/document/document";
import type { TextChoice } from "../../src/pages/preview";
import { firstResultView, type ResultView } from "../shared/result-panel";

export type ChartName = "formats" | "share" | "ways";

/** What the user is looking at: kept by VS Code while the view is hidden and over a reload of the window. */
export interface ViewState extends ResultView<ChartName> {
  readonly layer: number;
  /** The heat map's column. */
  readonly column: number;
  /** What the colours of the heat map are: what rounding would cost, or bits. */
  readonly colours: "cost" | "bits";
  /** The curve's place. */
  readonly place: number;
  /** The size that formats are chosen at, in bits of a weight; 0: the document's own. */
  readonly bits: number;
  readonly measureOn: TextChoice;
  /** The ways of choosing that are measured beside. */
  readonly ways: readonly BitsDocument["by"][];
  /** Whether other sizes are measured too. */
  readonly isCurve: boolean;
}

export const firstView: ViewState = {
  ...firstResultView,
  layer: 0,
  column: 0,
  colours: "cost",
  place: 0,
  bits: 0,
  measureOn: "file",
  ways: ["uniform"],
  isCurve: false,
};
