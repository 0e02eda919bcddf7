import type { ComparisonDocument } from "../engine/document/document";
import type { CommonRequest, RunMessage, RunState, StreamedLayer } from "./run";

/* The conversation between the extension and the webview of one comparison (live panel and saved file alike). */

export type StreamedComparisonLayer = StreamedLayer<"similarity" | "overlap">;

/** One of the two, before there is a document: in the user's words, and how its text begins. */
export interface ComparedSide {
  readonly name: string;
  readonly beginning: string;
}

export interface ComparedSides {
  readonly a: ComparedSide;
  readonly b: ComparedSide;
}

export type ComparisonState = RunState<ComparisonDocument, StreamedComparisonLayer, ComparedSides>;

export type ToComparisonView = RunMessage<ComparisonState, StreamedComparisonLayer>;

export type FromComparisonView =
  | CommonRequest
  /** Find out which layer and token carry A's answer: patch that sample of A into that of B, as they are shown. */
  | { readonly type: "patch"; readonly a: number; readonly b: number }
  /** Choose two other results to compare. */
  | { readonly type: "compareResults" }
  /** Jump to a token: UTF-16 offsets into the text of a sample of that side, as it is shown. */
  | {
      readonly type: "reveal";
      readonly side: "a" | "b";
      readonly sample: number;
      readonly start: number;
      readonly end: number;
    }
  /** What is shown has B in the place of A. It is told when the document is shown, too. */
  | { readonly type: "chooseSides"; readonly swapped: boolean }
  | { readonly type: "save" };
