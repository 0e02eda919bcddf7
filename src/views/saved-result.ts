import type * as vscode from "vscode";

import type { App } from "../editor/app";
import type { Origin } from "../editor/texts";
import type { ParamscopeDocument } from "../engine/document/document";
import type { FromResultView, ResultState, ToResultView } from "./result-protocol";
import type { CommonRequest, ErrorState } from "./run-protocol";
import type { SavedFile, SavedPage } from "./saved-page";
import { StateView } from "./state-view";
import { answerCommonMessage } from "./view-messages";

/** What a saved file answers itself, whatever it shows. */
type Own = Extract<CommonRequest, { type: "ready" | "cancel" | "tryAgain" }>;

/** What is shown while the message comes; a file has no origins in editors. */
interface Shown<Document> {
  readonly document: Document | undefined;
  readonly title: string;
  readonly origins: readonly Origin[];
  readonly column: vscode.ViewColumn | undefined;
}

/** A page for one kind of documents that runs nothing from here. */
interface Kind<Document, From> {
  /** Its name: `dist/webview/NAME.js`. */
  readonly page: string;
  readonly answer: (app: App, message: Exclude<From, Own>, shown: Shown<Document>) => Promise<void>;
}

/** A saved result, as its panel showed it. */
export class SavedResult<
  Document extends ParamscopeDocument,
  From extends { readonly type: string },
> implements SavedPage<Document> {
  #state: ResultState<Document> = { phase: "empty" };
  readonly #page: StateView<ToResultView<Document>, From>;

  constructor(
    private readonly app: App,
    private readonly panel: vscode.WebviewPanel,
    private readonly file: SavedFile,
    private readonly kind: Kind<Document, From>,
  ) {
    this.#page = new StateView(panel, app.context.extensionUri, kind.page, {
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

  async #receive(message: From): Promise<void> {
    if (message.type === "ready" || message.type === "cancel") return;
    if (message.type === "tryAgain") return await this.file.draw();
    await this.kind.answer(this.app, message as Exclude<From, Own>, {
      document: this.#state.phase === "done" ? this.#state.document : undefined,
      title: this.file.title,
      origins: [],
      column: this.panel.viewColumn,
    });
  }
}

/** For a page that asks for nothing beyond what all pages may. */
export const answerResultMessage: Kind<ParamscopeDocument, FromResultView>["answer"] = (app, message, shown) =>
  answerCommonMessage(app, message, { ...shown, samples: [] });
