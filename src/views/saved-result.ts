import type * as vscode from "vscode";

import type { ResultDocument } from "../engine/document/document";
import { isRunnable } from "../kinds/find-kind";
import type { Kind, KindTypes } from "../kinds/kind";
import type { ErrorState } from "../pages/run";
import type { App } from "./app";
import { KindPage, type OwnRequest, type StateOf } from "./kind-page";

export interface SavedFile {
  /** The file's name, and the same without its ending. */
  readonly name: string;
  readonly title: string;
  /** Reads the file again. */
  readonly draw: () => Promise<void>;
}

/** A saved result in the page of its kind. */
export class SavedResult {
  readonly kind: Kind;
  readonly #app: App;
  readonly #file: SavedFile;
  readonly #page: KindPage<KindTypes>;
  #state: StateOf<KindTypes> = { phase: "empty" };

  constructor(app: App, panel: vscode.WebviewPanel, kind: Kind, file: SavedFile) {
    this.#app = app;
    this.kind = kind;
    this.#file = file;
    this.#page = new KindPage(app, kind, {
      panel,
      state: () => this.#state,
      title: () => file.title,
      // A file has no origins in editors.
      origins: () => [],
      answer: (message) => this.#answer(message),
    });
  }

  get shown() {
    return this.#page.shown;
  }

  /** Shows a document of its kind. */
  show(document: ResultDocument): void {
    this.#show({ phase: "done", title: this.#file.name, document, saved: true });
  }

  /** Says what is wrong with the file. */
  fail(error: ErrorState): void {
    this.#show(error);
  }

  /** Leaves the panel to another page. */
  dispose(): void {
    this.#page.dispose();
  }

  #show(state: StateOf<KindTypes>): void {
    this.#state = state;
    this.#page.tell({ type: "state", state });
  }

  async #answer(message: OwnRequest<KindTypes>): Promise<void> {
    if (message.type === "tryAgain") await this.#file.draw();
    else if (message.type !== "cancel") await this.#runAgain(message);
  }

  /** Runs what the file is a result of again, as its page asks. */
  async #runAgain(message: Extract<OwnRequest<KindTypes>, { readonly type: "runAgain" }>): Promise<void> {
    const { kind } = this;
    const { document, title } = this.shown;
    if (!document || !isRunnable(kind)) return;
    const asked = kind.run.askedOf?.(document, { title, origins: [] }, true);
    if (asked && kind.run.again) await this.#app.run(kind, kind.run.again(asked, message));
  }
}
