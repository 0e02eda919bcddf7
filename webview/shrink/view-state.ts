import type { ShrinkWay } from "../../src/engine/shrink/options";
import type { TextChoice } from "../../src/pages/preview";
import { firstResultView, type ResultView } from "../shared/result-panel";

export type ChartName = "layers" | "ways";

/** What the user is looking at: kept by VS Code while the view is hidden and over a reload of the window. */
export interface ViewState extends ResultView<ChartName> {
  readonly layer: number;
  /** The bar of a way of choosing, or the place of an amount. */
  readonly way: number;
  /** How many go of as many as there are, and by which way: 0 and empty are the document's own. */
  readonly removed: number;
  readonly by: ShrinkWay | "";
  readonly measureOn: TextChoice;
  /** The ways of choosing that are measured beside. */
  readonly ways: readonly ShrinkWay[];
  /** Whether other amounts are measured too. */
  readonly isCurve: boolean;
}

export const firstView: ViewState = {
  ...firstResultView,
  layer: 0,
  way: 0,
  removed: 0,
  by: "",
  measureOn: "file",
  ways: ["magnitude", "random"],
  isCurve: false,
};
