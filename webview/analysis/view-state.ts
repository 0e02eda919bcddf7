import type { ChosenThreshold } from "../../src/engine/document/at-threshold";
import type { Measure } from "../../src/format/measures";

export type ChartName = "layers" | "matrices" | "matrix" | "profile" | "text";
export type Along = "rows" | "columns";
export type Drawer = "run-again" | "export";

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
  readonly measure: Measure;
  readonly logarithmic: boolean;
  readonly sample: number;
  /** Of the sample, or −1. */
  readonly token: number;
  /** Charts that are shown as tables. */
  readonly tables: readonly ChartName[];
  /** Of the full profile. */
  readonly profile: Readonly<Record<Along, { readonly zoom: number; readonly at: number }>>;
  readonly drawer?: Drawer;
  readonly scroll: number;
}

export const firstView: ViewState = {
  result: "",
  row: 0,
  column: 0,
  opened: false,
  measure: "density",
  logarithmic: false,
  sample: 0,
  token: -1,
  tables: [],
  profile: { rows: { zoom: 0, at: 0 }, columns: { zoom: 0, at: 0 } },
  scroll: 0,
};

/** The view for a result: the same as before where it is the same result, else anew, with measure and tables kept. */
export function viewOf(result: string, view: ViewState, limits: { layers: number; samples: number }): ViewState {
  const same = view.result === result;
  const { measure, logarithmic, tables } = view;
  const next = same ? view : { ...firstView, result, measure, logarithmic, tables };
  return {
    ...next,
    row: Math.min(next.row, Math.max(0, limits.layers - 1)),
    sample: Math.min(next.sample, Math.max(0, limits.samples - 1)),
  };
}
