import type * as vscode from "vscode";

import { webviewOptions, webviewPage } from "./webview-page";

/** A panel, or a view of the side bar. */
type Place = vscode.WebviewPanel | vscode.WebviewView;

export interface StateViewHooks<From> {
  /** The page is there, for the first time or again: it is to be told everything. */
  readonly ready: () => void;
  readonly receive: (message: From) => void;
}

/** The host's side of a page: what is posted while it is hidden is lost, since a hidden page does not exist. */
export class StateView<To, From extends { readonly type: string }> {
  #isReady = false;
  readonly #listeners: readonly vscode.Disposable[];

  readonly #panel: Place;

  /** @param name of the page: `dist/webview/NAME.js`. */
  constructor(panel: Place, extension: vscode.Uri, name: string, { ready, receive }: StateViewHooks<From>) {
    this.#panel = panel;
    this.#listeners = [
      panel.webview.onDidReceiveMessage((message: From) => {
        if (message.type === "ready") {
          this.#isReady = true;
          ready();
        } else receive(message);
      }),
      onDidChangeVisibility(panel, () => {
        if (!panel.visible) this.#isReady = false;
      }),
      panel.onDidDispose(() => this.dispose()),
    ];
    panel.webview.options = webviewOptions;
    panel.webview.html = webviewPage(extension, name);
  }

  post(message: To): void {
    if (this.#isReady && this.#panel.visible) void this.#panel.webview.postMessage(message);
  }

  /** Leaves the panel to another page. */
  dispose(): void {
    this.#isReady = false;
    for (const listener of this.#listeners) listener.dispose();
  }
}

function onDidChangeVisibility(place: Place, changed: () => void): vscode.Disposable {
  return "onDidChangeVisibility" in place ? place.onDidChangeVisibility(changed) : place.onDidChangeViewState(changed);
}
