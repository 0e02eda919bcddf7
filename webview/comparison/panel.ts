import type { ComparisonDocument } from "../../src/engine/document/document";
import type { FromComparisonView } from "../../src/views/comparison-protocol";
import type { ThemeKind } from "../shared/colour-scale";
import type { ViewState } from "./view-state";

export type Post = (message: FromComparisonView) => void;

/** What every part of a finished comparison draws from. */
export interface Panel {
  readonly title: string;
  /** As it is shown: with the sides in the places that the user gave them. */
  readonly document: ComparisonDocument;
  readonly saved: boolean;
  readonly view: ViewState;
  readonly theme: ThemeKind;
  /** Of the content, in pixels. */
  readonly width: number;
  readonly change: (change: Partial<ViewState>) => void;
  /** Moves the focus to the element with this id once it is drawn. */
  readonly focus: (id: string) => void;
  readonly post: Post;
}
