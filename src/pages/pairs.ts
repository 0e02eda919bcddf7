import type { PairsDocument } from "../engine/document/document";
import type { CommonRequest, RunMessage, RunState } from "./run";

/* The conversation between the extension and the webview of sentence pairs (live panel and saved file alike). */

/** A layer while the run is under way. */
export interface StreamedRho {
  readonly layer: number;
  /** Spearman's rho of the layer's similarity and the human scores. */
  readonly rho: number;
}

export type PairsState = RunState<PairsDocument, StreamedRho>;

export type ToPairsView = RunMessage<PairsState, StreamedRho>;

export type FromPairsView =
  | CommonRequest
  /** Compare the two sentences of a pair (0-based), each within the template. */
  | { readonly type: "compare"; readonly pair: number }
  | { readonly type: "save" };
