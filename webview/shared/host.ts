import type { CommonRequest } from "../../src/pages/run";
import { connectReport } from "./report-host";

/** What VS Code gives a webview to speak with its extension and to keep its state. A test page supplies its own. */
interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

/** Not there in a page that was not opened by VS Code. */
declare const acquireVsCodeApi: (() => VsCodeApi) | undefined;

/** The conversation of one view with the extension: `To` is received, `From` is sent. */
export interface Host<From> {
  /** Whether an editor and its extension are there; where not, a page offers only what it can do by itself. */
  readonly inEditor: boolean;
  post(message: From): void;
  /** What `keep` last had, also after the view was hidden or the window reloaded. */
  kept(): unknown;
  keep(state: unknown): void;
}

/** Connects a page with the extension, or, where it was opened by itself, with the result that is written in it. */
export function connectHost<To extends { readonly type: string }, From extends { readonly type: string }>(
  receive: (message: To) => void,
): Host<From> {
  return typeof acquireVsCodeApi === "undefined"
    ? connectReport<To, From>(receive)
    : connectExtension<To, From>(acquireVsCodeApi(), receive);
}

/** Only messages of the extension reach a webview's window; each is an object with a `type`. */
function connectExtension<To extends { readonly type: string }, From extends { readonly type: string }>(
  api: VsCodeApi,
  receive: (message: To) => void,
): Host<From> {
  window.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
    if (typeof data === "object" && data !== null && "type" in data) receive(data as To);
  });
  return {
    inEditor: true,
    post: (message) => api.postMessage(message),
    kept: () => api.getState(),
    keep: (view) => {
      api.setState(view);
      // at once: a panel that is closed takes its page with it, and nothing that a page says while it goes is heard
      api.postMessage({ type: "keep", view } satisfies CommonRequest);
    },
  };
}
