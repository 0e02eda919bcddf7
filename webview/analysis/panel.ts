import type { AnalysisDocument } from "../../src/engine/document/document";
import type { AblationDescription } from "../../src/engine/document/document";
import type {
  AblationState,
  FromAnalysisView,
  PositionsState,
  ProfileState,
  WeightsState,
} from "../../src/pages/analysis";
import type { ResultPanel } from "../shared/result-panel";
import type { Activity, ThresholdIndex } from "../../src/engine/document/threshold-index";
import type { ViewState } from "./view-state";

/** What every part of a finished analysis draws from. */
export interface Panel extends ResultPanel<AnalysisDocument, ViewState, FromAnalysisView> {
  readonly decorated: boolean;
  /** The full profile of the matrix that it was last asked for. */
  readonly profile: ProfileState | undefined;
  /** The part of a matrix that was last asked for in more detail than the document has. */
  readonly weights: WeightsState | undefined;
  /** What the beginnings of a sample activate, where that was asked for. */
  readonly positions: PositionsState | undefined;
  /** The place that was last taken away, and what was found of such places since the result was shown. */
  readonly ablation: AblationState | undefined;
  readonly ablations: readonly AblationDescription[];
  readonly index: ThresholdIndex;
  /** What is active at the chosen threshold. */
  readonly activity: Activity;
}

export type Post = Panel["post"];

/** Narrower than this there is one column. */
export const twoColumns = 560;
