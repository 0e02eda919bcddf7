/** What VS Code gives a webview to speak with its extension and to keep its state. A test page supplies its own. */
interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** The conversation of one view with the extension: `To` is received, `From` is sent. */
export interface Host<From> {
  post(message: From): void;
  /** What `keep` last had, also after the view was hidden or the window reloaded. */
  kept(): unknown;
  keep(state: unknown): void;
}

/** Only messages of the extension reach a webview's window; each is an object with a `type`. */
export function connectHost<To extends { readonly type: string }, From>(receive: (message: To) => void): Host<From> {
  const api = acquireVsCodeApi();
  window.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
    if (typeof data === "object" && data !== null && "type" in data) receive(data as To);
  });
  return {
    post: (message) => api.postMessage(message),
    kept: () => api.getState(),
    keep: (state) => api.setState(state),
  };
}
