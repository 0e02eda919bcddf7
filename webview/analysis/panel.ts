import type { AnalysisDocument } from "../../src/engine/document/document";
import type { FromAnalysisView, ProfileState } from "../../src/views/analysis-protocol";
import type { ThemeKind } from "../shared/colour-scale";
import type { Activity, ThresholdIndex } from "../shared/threshold-index";
import type { ViewState } from "./view-state";

/** What every part of a finished analysis draws from. */
export interface Panel {
  readonly title: string;
  readonly document: AnalysisDocument;
  readonly saved: boolean;
  readonly decorated: boolean;
  /** Of the matrix that it was last asked for. */
  readonly profile: ProfileState | undefined;
  readonly index: ThresholdIndex;
  /** What is active at the chosen threshold. */
  readonly activity: Activity;
  readonly view: ViewState;
  readonly theme: ThemeKind;
  /** Of the content, in pixels. */
  readonly width: number;
  readonly change: (change: Partial<ViewState>) => void;
  /** Moves the focus to the element with this id once it is drawn. */
  readonly focus: (id: string) => void;
  readonly post: (message: FromAnalysisView) => void;
}

export type Post = Panel["post"];

/** Narrower than this there is one column. */
export const twoColumns = 560;
