import type * as vscode from "vscode";

import type { App } from "../editor/app";
import { confirmCost } from "../editor/confirm-cost";
import { failureOf } from "../editor/failure";
import { runSettings } from "../editor/settings";
import type { PairsDocument } from "../engine/document/document";
import type { RunSettings } from "../scoring/protocol";
import { answerPairsMessage } from "./pairs-messages";
import type { FromPairsView, ToPairsView } from "./pairs-protocol";
import { type PairsJob, PairsRun } from "./pairs-run";
import { keepResult, rememberResult } from "./remembered-results";
import type { ResultEntry } from "./results-store";
import type { RunningEntry } from "./run-status";
import { StateView } from "./state-view";
import { panelIcon } from "./webview-page";

/** A table of pairs to be run. */
export type AskedPairs = Pick<PairsJob, "title" | "asked">;

/** One panel with the pairs of one table: the host's side. */
export class PairsPanel {
  readonly #run: PairsRun;
  readonly #page: StateView<ToPairsView, FromPairsView>;
  #asked: AskedPairs | undefined;
  #status: RunningEntry | undefined;

  constructor(
    private readonly app: App,
    readonly panel: vscode.WebviewPanel,
  ) {
    const { extensionUri } = app.context;
    this.#run = new PairsRun(app.scoring, {
      post: (message) => this.#page.post(message),
      confirm: (cost, { memory }) => confirmCost(`Compare the pairs of ${this.#title}`, cost, memory),
      progress: (progress) => this.#status?.update(progress),
      failure: (error) => {
        app.log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
        return failureOf(error);
      },
    });
    panel.iconPath = panelIcon(extensionUri);
    panel.onDidDispose(() => this.#run.cancel());
    this.#page = new StateView(panel, extensionUri, "pairs", {
      ready: () => this.#page.post({ type: "state", state: this.#run.state }),
      receive: (message) => void this.#receive(message),
    });
  }

  /** Runs the pairs, and keeps the result in the history. */
  async compare(asked: AskedPairs): Promise<void> {
    this.#asked = asked;
    const { models, status } = this.app;
    const settings = async (): Promise<RunSettings> => ({ ...runSettings(), model: await models.currentPath() });
    this.#status?.end();
    const entry = status.begin(() => this.#run.cancel());
    this.#status = entry;
    const document = await this.#run.start({ ...asked, modelName: models.currentName, settings });
    entry.end();
    const { title } = asked;
    if (document) await keepResult(this.app, document, { title, origins: [], panel: panelTitle(title) });
  }

  /** Shows a result of the history. */
  show(document: PairsDocument, { id, title }: ResultEntry): void {
    this.#asked = undefined;
    this.#run.show({ phase: "done", title, document, saved: false });
    void rememberResult(this.app.context, panelTitle(title), id);
  }

  /** Says that the result that was here is gone. */
  showGone(): void {
    this.#run.show({ phase: "empty" });
  }

  get #title(): string {
    const { state } = this.#run;
    return state.phase === "empty" ? "this table" : state.title;
  }

  async #receive(message: FromPairsView): Promise<void> {
    switch (message.type) {
      case "ready":
        break;
      case "cancel":
        this.#run.cancel();
        break;
      case "tryAgain":
        if (this.#asked) await this.compare(this.#asked);
        break;
      default: {
        const { state } = this.#run;
        await answerPairsMessage(this.app, message, {
          document: state.phase === "done" ? state.document : undefined,
          title: this.#title,
          column: this.panel.viewColumn,
        });
      }
    }
  }
}

export function panelTitle(title: string): string {
  return `Sentence pairs: ${title}`;
}
