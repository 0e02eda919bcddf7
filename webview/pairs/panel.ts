import type { PairsDocument } from "../../src/engine/document/document";
import type { FromPairsView } from "../../src/views/pairs-protocol";
import type { ViewState } from "./view-state";

export type Post = (message: FromPairsView) => void;

/** What every part of a finished run of pairs draws from. */
export interface Panel {
  readonly title: string;
  readonly document: PairsDocument;
  readonly saved: boolean;
  readonly view: ViewState;
  /** Of the content, in pixels. */
  readonly width: number;
  readonly change: (change: Partial<ViewState>) => void;
  readonly post: Post;
}

/** By contrast relevance, where it is wanted and there. */
export function isByContrast({ document, view }: Pick<Panel, "document" | "view">): boolean {
  return view.contrast && document.contrastSpearman !== null;
}
