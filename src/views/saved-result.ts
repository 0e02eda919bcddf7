import type * as vscode from "vscode";

import type { App } from "../editor/app";
import type { PanelKind, OwnRequest } from "./run-panel";
import type { RunTypes, StateOf } from "./run-kind";
import type { ErrorState, RunMessage } from "./run-protocol";
import type { RunPanels } from "./run-panels";
import type { SavedFile, SavedPage } from "./saved-page";
import { StateView } from "./state-view";

/** A saved result, as its panel showed it. */
export class SavedResult<T extends RunTypes> implements SavedPage<T["document"]> {
  #state: StateOf<T> = { phase: "empty" };
  readonly #page: StateView<RunMessage<StateOf<T>, T["layer"]>, T["from"]>;

  /** @param panels where such a result is run again, for kinds that are. */
  constructor(
    private readonly app: App,
    readonly panel: vscode.WebviewPanel,
    private readonly file: SavedFile,
    private readonly kind: PanelKind<T>,
    private readonly panels?: RunPanels<T>,
  ) {
    this.#page = new StateView(panel, app.context.extensionUri, kind.page, {
      ready: () => this.#page.post({ type: "state", state: this.#state }),
      receive: (message) => void this.#receive(message),
    });
  }

  get document(): T["document"] | undefined {
    return this.#state.phase === "done" ? this.#state.document : undefined;
  }

  show(document: T["document"]): void {
    this.#show({ phase: "done", title: this.file.name, document, saved: true, ...this.kind.done });
  }

  fail(error: ErrorState): void {
    this.#show(error);
  }

  dispose(): void {
    this.#page.dispose();
  }

  #show(state: StateOf<T>): void {
    this.#state = state;
    this.#page.post({ type: "state", state });
  }

  async #receive(message: T["from"]): Promise<void> {
    const { document, kind, panels } = this;
    const { title } = this.file;
    switch (message.type as OwnRequest["type"] | undefined) {
      case "ready":
      case "cancel":
        break;
      case "tryAgain":
        await this.file.draw();
        break;
      case "runAgain": {
        const asked = document && kind.askedOf?.(document, { title, origins: [] });
        if (asked && kind.again) await panels?.run(kind.again(asked, message as Parameters<typeof kind.again>[1]));
        break;
      }
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
