import type { ChosenThreshold } from "../../src/engine/document/at-threshold";
import type { Measure } from "../../src/format/measures";
import type { ImageView } from "./image-region";

export type ChartName =
  "typical" | "layers" | "experts" | "matrices" | "model" | "matrix" | "image" | "profile" | "positions" | "text";
/** What layers and matrices show: their shares beside typical texts, or figures of the text alone. */
export type Shown = Measure | "typical";
/** What of an expert a heat map shows. */
export type ExpertMeasure = "tokens" | "sum" | "density";
/** The two sides of a matrix: outputs and inputs. */
export type Along = "rows" | "columns";
/** The drawers that can be opened below the head. */
export type Drawer = "explain" | "run-again" | "export";

/** What the user is looking at: kept by VS Code while the view is hidden and over a reload of the window. */
export interface ViewState {
  /** What the rest belongs to; another result starts afresh. */
  readonly result: string;
  /** The document's own where there is none. */
  readonly threshold?: ChosenThreshold;
  readonly row: number;
  readonly column: number;
  /** One matrix is shown, that of `row` and `column`. */
  readonly opened: boolean;
  /** Shares beside typical texts where those are known, else density, unless another was chosen. */
  readonly measure?: Shown;
  readonly logarithmic: boolean;
  /** The measure of the heat map of experts, the share of tokens where it is missing, and the expert that it stands on. */
  readonly experts?: ExpertMeasure;
  readonly expert?: number;
  /** The head of the opened matrix that may be taken away, by its place in the list; the strongest where it is missing. */
  readonly head?: number;
  readonly sample: number;
  /** The token of the sample that is chosen, or −1. */
  readonly token: number;
  /** The token that the beginning ends with that is looked at, of those that were measured: the last where it is missing. */
  readonly position?: number;
  /** Charts that are shown as tables. */
  readonly tables: readonly ChartName[];
  /** How far each side of the full profile is zoomed, and the value that it stands on. */
  readonly profile: Readonly<Record<Along, { readonly zoom: number; readonly at: number }>>;
  /** What is seen of the opened matrix, all of it where it is missing. */
  readonly image?: ImageView;
  readonly drawer?: Drawer;
  readonly scroll: number;
}

export const firstView: ViewState = {
  result: "",
  row: 0,
  column: 0,
  opened: false,
  logarithmic: false,
  sample: 0,
  token: -1,
  tables: [],
  profile: { rows: { zoom: 0, at: 0 }, columns: { zoom: 0, at: 0 } },
  scroll: 0,
};

/** What another result keeps of the view. */
export function keep({ measure, logarithmic }: ViewState): Partial<ViewState> {
  return { ...(measure && { measure }), logarithmic };
}

/** Whether a threshold that came with a document is one. */
export function isThreshold(threshold: unknown): threshold is ChosenThreshold {
  if (typeof threshold !== "object" || threshold === null || !("mode" in threshold)) return false;
  const value: unknown = threshold.mode === "share" && "share" in threshold ? threshold.share : undefined;
  if (typeof value === "number") return value >= 0 && value <= 1;
  return threshold.mode === "absolute" && "tau" in threshold && typeof threshold.tau === "number" && threshold.tau >= 0;
}

/** The view within the layers and samples that there are. */
export function within(view: ViewState, limits: { readonly layers: number; readonly samples: number }): ViewState {
  return {
    ...view,
    row: Math.min(view.row, Math.max(0, limits.layers - 1)),
    sample: Math.min(view.sample, Math.max(0, limits.samples - 1)),
  };
}
