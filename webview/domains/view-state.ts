import { firstResultView, type ResultView } from "../shared/result-panel";

export type ChartName = "layers" | "domains" | "overlap" | "neurons" | "density";

/** What the user is looking at: kept by VS Code while the view is hidden and over a reload of the window. */
export interface ViewState extends ResultView<ChartName> {
  /** Domains are compared by contrast similarity instead of similarity. */
  readonly contrast: boolean;
  /** The layer that box plots and densities stand on. */
  readonly layer: number;
  /** What the heat map of domains shows: a layer, or −1 for all deep ones. */
  readonly shown: number;
  /** The heat map's cell. */
  readonly row: number;
  readonly column: number;
  /** The two domains that are chosen: an index into the document's `overlaps` and `neurons`. */
  readonly pair: number;
  readonly neuron: number;
}

export const firstView: ViewState = {
  ...firstResultView,
  contrast: false,
  layer: 0,
  shown: -1,
  row: 0,
  column: 0,
  pair: 0,
  neuron: 0,
};
