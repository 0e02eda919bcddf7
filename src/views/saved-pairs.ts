import type * as vscode from "vscode";

import type { App } from "../editor/app";
import type { PairsDocument } from "../engine/document/document";
import { answerPairsMessage } from "./pairs-messages";
import type { FromPairsView, PairsState, ToPairsView } from "./pairs-protocol";
import type { ErrorState } from "./run-protocol";
import type { SavedFile, SavedPage } from "./saved-page";
import { StateView } from "./state-view";

/** Saved sentence pairs. */
export class SavedPairs implements SavedPage<PairsDocument> {
  #state: PairsState = { phase: "empty" };
  readonly #page: StateView<ToPairsView, FromPairsView>;

  constructor(
    private readonly app: App,
    private readonly panel: vscode.WebviewPanel,
    private readonly file: SavedFile,
  ) {
    this.#page = new StateView(panel, app.context.extensionUri, "pairs", {
      ready: () => this.#page.post({ type: "state", state: this.#state }),
      receive: (message) => void this.#receive(message),
    });
  }

  show(document: PairsDocument): void {
    this.#show({ phase: "done", title: this.file.name, document, saved: true });
  }

  fail(error: ErrorState): void {
    this.#show(error);
  }

  dispose(): void {
    this.#page.dispose();
  }

  #show(state: PairsState): void {
    this.#state = state;
    this.#page.post({ type: "state", state });
  }

  async #receive(message: FromPairsView): Promise<void> {
    switch (message.type) {
      case "ready":
      case "cancel":
        break;
      case "tryAgain":
        await this.file.draw();
        break;
      default:
        await answerPairsMessage(this.app, message, {
          document: this.#state.phase === "done" ? this.#state.document : undefined,
          title: this.file.title,
          column: this.panel.viewColumn,
        });
    }
  }
}
