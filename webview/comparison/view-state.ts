import { firstResultView, type ResultView } from "../shared/result-panel";
import type { Measure } from "../../src/format/balance";

export type ChartName = "curves" | "next" | "experts" | "matrices" | "matrix" | "text-a" | "text-b";
/** What of an expert a heat map shows: which side sends it more of its tokens, or how alike both activate it. */
export type ExpertMeasure = "tokens" | "similarity";
/** The sides of a comparison, as the document has them. */
export type Side = "a" | "b";

/** What the user is looking at: kept by VS Code while the view is hidden and over a reload of the window. */
export interface ViewState extends ResultView<ChartName> {
  /** The two sides have changed places. */
  readonly swapped: boolean;
  /** The layer that the curves stand on, and the heat map's row. */
  readonly row: number;
  readonly column: number;
  /** One matrix is shown, that of `row` and `column`. */
  readonly opened: boolean;
  /** The expert that is chosen, and what the heat map of experts shows: the difference of tokens where it is missing. */
  readonly expert?: number;
  readonly experts?: ExpertMeasure;
  /** The head that the opened matrix stands on. */
  readonly head: number;
  /** A and B beside unrelated texts where those are known, else their mean activation, unless another was chosen. */
  readonly measure?: Measure;
  readonly logarithmic: boolean;
  /** The next token that is stood on, the likeliest first. */
  readonly next: number;
  /** The sample that is shown of each of the document's sides, swapped or not. */
  readonly samples: Readonly<Record<Side, number>>;
  /** The token that is chosen of each shown sample, or −1. */
  readonly tokens: Readonly<Record<Side, number>>;
}

export const firstView: ViewState = {
  ...firstResultView,
  swapped: false,
  row: 0,
  column: 0,
  opened: false,
  head: 0,
  logarithmic: false,
  next: 0,
  samples: { a: 0, b: 0 },
  tokens: { a: -1, b: -1 },
};

/** What another result keeps of the view. */
export function keep({ measure, logarithmic }: ViewState): Partial<ViewState> {
  return { ...(measure && { measure }), logarithmic };
}
