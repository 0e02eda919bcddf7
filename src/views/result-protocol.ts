import type { CommonRequest, RunState } from "./run-protocol";

/* The conversation between the extension and a webview that shows a saved result and runs nothing. */

export type ResultState<Document> = Extract<
  RunState<Document, never>,
  { readonly phase: "empty" } | { readonly phase: "done" } | { readonly phase: "error" }
>;

export interface ToResultView<Document> {
  readonly type: "state";
  readonly state: ResultState<Document>;
}

export type FromResultView = CommonRequest;
