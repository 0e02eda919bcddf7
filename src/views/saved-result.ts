import type * as vscode from "vscode";

import type { App } from "../editor/app";
import { AsShown } from "./as-shown";
import type { OwnRequest, PageKind, PageTypes } from "./page-kind";
import type { ErrorState, ResultState, StateMessage } from "../pages/run";
import type { SavedFile, SavedPage } from "./saved-page";
import { StateView } from "./state-view";

type RunAgain<T extends PageTypes> = Extract<T["from"], { readonly type: "runAgain" }>;

/** Where a saved result is run again. */
interface Runner<T extends PageTypes> {
  runSaved(document: T["document"], title: string, message: RunAgain<T>): Promise<void>;
}

/** A saved result in its page. */
export class SavedResult<T extends PageTypes> implements SavedPage<T["document"]> {
  #state: ResultState<T["document"], T["done"]> | undefined;
  readonly #shown = new AsShown<T["document"]>();
  readonly #page: StateView<StateMessage<ResultState<T["document"], T["done"]>>, T["from"]>;

  /** @param runner for kinds that are run again. */
  constructor(
    private readonly app: App,
    readonly panel: vscode.WebviewPanel,
    private readonly file: SavedFile,
    private readonly kind: PageKind<T>,
    private readonly runner?: Runner<T>,
  ) {
    this.#page = new StateView(panel, app.context.extensionUri, kind.page, {
      ready: () => this.#post(),
      receive: (message) => void this.#receive(message),
    });
  }

  get document(): T["document"] | undefined {
    return this.#state?.phase === "done" ? this.#shown.of(this.#state.document) : undefined;
  }

  show(document: T["document"]): void {
    this.#shown.choose(undefined);
    this.#show({ phase: "done", title: this.file.name, document, saved: true, ...this.kind.done });
  }

  fail(error: ErrorState): void {
    this.#show(error);
  }

  dispose(): void {
    this.#page.dispose();
  }

  #show(state: ResultState<T["document"], T["done"]>): void {
    this.#state = state;
    this.#post();
  }

  #post(): void {
    if (this.#state) this.#page.post({ type: "state", state: this.#state });
  }

  async #receive(message: T["from"]): Promise<void> {
    const { document, kind, runner } = this;
    const { title } = this.file;
    const choice = kind.choice?.(message);
    if (choice) {
      this.#shown.choose(choice);
      return;
    }
    switch (message.type as OwnRequest["type"] | undefined) {
      case "ready":
      case "cancel":
        break;
      case "tryAgain":
        await this.file.draw();
        break;
      case "runAgain":
        if (document) await runner?.runSaved(document, title, message as RunAgain<T>);
        break;
      default:
        await kind.answer(this.app, message as Parameters<typeof kind.answer>[1], {
          document,
          title,
          // A file has no origins in editors.
          origins: [],
          column: this.panel.viewColumn,
        });
    }
  }
}
