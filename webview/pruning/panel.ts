import type { PruningDocument } from "../../src/engine/document/document";
import type { FromPruningView } from "../../src/pages/pruning";
import type { ThemeKind } from "../shared/colour-scale";
import type { ResultPanel } from "../shared/result-panel";
import type { PostLink } from "../shared/section";
import type { PrunedView, ViewState } from "./view-state";

export type Panel = ResultPanel<PruningDocument, ViewState, FromPruningView>;

/** What the charts of a pruning draw from, in the page of a result and in the preview. */
export interface Charts {
  readonly view: PrunedView;
  readonly change: (change: Partial<PrunedView>) => void;
  readonly focus: (id: string) => void;
  readonly post: PostLink;
  readonly width: number;
  readonly theme: ThemeKind;
}
