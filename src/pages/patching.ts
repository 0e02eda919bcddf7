import type { PatchingDocument } from "../engine/document/document";
import type { CommonRequest, RunMessage, RunState, StreamedLayer } from "./run";

/* The conversation between the extension and the webview of activation patching (live panel and saved file alike). */

/** What is patched into what, before there is a document. */
export interface PatchedTexts {
  readonly a: string;
  readonly b: string;
  readonly site: PatchingDocument["site"];
}

/** No layer is final before all are. */
export type PatchingState = RunState<PatchingDocument, StreamedLayer<never>, PatchedTexts>;

export type ToPatchingView = RunMessage<PatchingState, StreamedLayer<never>>;

export interface PatchAgain {
  readonly type: "runAgain";
  readonly site: PatchingDocument["site"];
  /** The answers of A and of B, each the text of one token; undefined: the likeliest next tokens. */
  readonly answers?: readonly [string, string];
  /** B into A. */
  readonly swapped: boolean;
}

export type FromPatchingView = CommonRequest | { readonly type: "save" } | PatchAgain;
