import type { PruningDocument } from "../engine/document/document";
import type { CommonRequest, RunMessage, RunState, StreamedLayer } from "./run";

/* The conversation between the extension and the page of a pruning (from the history and saved file alike). */

/** Shallowest first; the share of its parameters that is 0. */
export type StreamedPrunedLayer = StreamedLayer<"sparsity">;

export type PruningState = RunState<PruningDocument, StreamedPrunedLayer>;

export type ToPruningView = RunMessage<PruningState, StreamedPrunedLayer>;

export type FromPruningView =
  | CommonRequest
  | { readonly type: "save" }
  /** To run it again: its options, and its calibration texts where they can be read. */
  | { readonly type: "openInPreview" };
