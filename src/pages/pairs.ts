import type { PairsDocument } from "../engine/document/document";
import type { CommonRequest, RunMessage, RunState, StreamedLayer } from "./run";

/* The conversation between the extension and the webview of sentence pairs (live panel and saved file alike). */

/** Spearman's rho of the layer's similarity and the human scores. */
export type StreamedPairsLayer = StreamedLayer<"spearman">;

export type PairsState = RunState<PairsDocument, StreamedPairsLayer>;

export type ToPairsView = RunMessage<PairsState, StreamedPairsLayer>;

export type FromPairsView =
  | CommonRequest
  /** Compare the two sentences of a pair (0-based), each within the template. */
  | { readonly type: "compare"; readonly pair: number }
  | { readonly type: "save" };
