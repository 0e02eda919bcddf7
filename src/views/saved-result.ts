import type * as vscode from "vscode";

import type { App } from "../editor/app";
import type { DomainsDocument, ParamscopeDocument, PatchingDocument } from "../engine/document/document";
import type { FromResultView, ResultState, ToResultView } from "./result-protocol";
import type { ErrorState } from "./run-protocol";
import type { SavedFile, SavedPage } from "./saved-page";
import { StateView } from "./state-view";
import { answerCommonMessage } from "./view-messages";

/** A saved result whose page asks for nothing beyond what all pages may. */
class SavedResult<Document extends ParamscopeDocument> implements SavedPage<Document> {
  #state: ResultState<Document> = { phase: "empty" };
  readonly #page: StateView<ToResultView<Document>, FromResultView>;

  /** @param page its name: `dist/webview/NAME.js`. */
  constructor(
    private readonly app: App,
    private readonly panel: vscode.WebviewPanel,
    private readonly file: SavedFile,
    page: string,
  ) {
    this.#page = new StateView(panel, app.context.extensionUri, page, {
      ready: () => this.#page.post({ type: "state", state: this.#state }),
      receive: (message) => void this.#receive(message),
    });
  }

  show(document: Document): void {
    this.#show({ phase: "done", title: this.file.name, document, saved: true });
  }

  fail(error: ErrorState): void {
    this.#show(error);
  }

  dispose(): void {
    this.#page.dispose();
  }

  #show(state: ResultState<Document>): void {
    this.#state = state;
    this.#page.post({ type: "state", state });
  }

  async #receive(message: FromResultView): Promise<void> {
    switch (message.type) {
      case "ready":
      case "cancel":
        break;
      case "tryAgain":
        await this.file.draw();
        break;
      default:
        await answerCommonMessage(this.app, message, {
          document: this.#state.phase === "done" ? this.#state.document : undefined,
          samples: [],
          title: this.file.title,
          origins: [],
          column: this.panel.viewColumn,
        });
    }
  }
}

export class SavedPatching extends SavedResult<PatchingDocument> {
  constructor(app: App, panel: vscode.WebviewPanel, file: SavedFile) {
    super(app, panel, file, "patching");
  }
}

export class SavedDomains extends SavedResult<DomainsDocument> {
  constructor(app: App, panel: vscode.WebviewPanel, file: SavedFile) {
    super(app, panel, file, "domains");
  }
}
