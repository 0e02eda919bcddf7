import type * as vscode from "vscode";

import type { App } from "../editor/app";
import type { ComparisonDocument } from "../engine/document/document";
import { answerComparisonMessage } from "./comparison-messages";
import type { ComparisonState, FromComparisonView, ToComparisonView } from "./comparison-protocol";
import type { ErrorState } from "./run-protocol";
import type { SavedFile, SavedPage } from "./saved-page";
import { StateView } from "./state-view";

/** A saved comparison, as its panel showed it. */
export class SavedComparison implements SavedPage<ComparisonDocument> {
  #state: ComparisonState = { phase: "empty" };
  readonly #page: StateView<ToComparisonView, FromComparisonView>;

  constructor(
    private readonly app: App,
    private readonly panel: vscode.WebviewPanel,
    private readonly file: SavedFile,
  ) {
    this.#page = new StateView(panel, app.context.extensionUri, "comparison", {
      ready: () => this.#page.post({ type: "state", state: this.#state }),
      receive: (message) => void this.#receive(message),
    });
  }

  show(document: ComparisonDocument): void {
    this.#show({ phase: "done", title: this.file.name, document, saved: true });
  }

  fail(error: ErrorState): void {
    this.#show(error);
  }

  dispose(): void {
    this.#page.dispose();
  }

  #show(state: ComparisonState): void {
    this.#state = state;
    this.#page.post({ type: "state", state });
  }

  async #receive(message: FromComparisonView): Promise<void> {
    switch (message.type) {
      case "ready":
      case "cancel":
        break;
      case "tryAgain":
        await this.file.draw();
        break;
      default:
        await answerComparisonMessage(this.app, message, {
          document: this.#state.phase === "done" ? this.#state.document : undefined,
          title: this.file.title,
          origins: [],
          column: this.panel.viewColumn,
        });
    }
  }
}
