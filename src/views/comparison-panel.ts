import { basename } from "node:path";
import type * as vscode from "vscode";

import type { App } from "../editor/app";
import { confirmCost } from "../editor/confirm-cost";
import { failureOf } from "../editor/failure";
import { runSettings } from "../editor/settings";
import type { Origin, Subject } from "../editor/texts";
import type { ComparisonDocument } from "../engine/document/document";
import type { NamedSet, RunSettings } from "../scoring/protocol";
import type { RunAgainOptions } from "./analysis-protocol";
import { answerComparisonMessage } from "./comparison-messages";
import type { FromComparisonView, ToComparisonView } from "./comparison-protocol";
import { ComparisonRun } from "./comparison-run";
import { keepResult, rememberResult } from "./remembered-results";
import type { ResultEntry } from "./results-store";
import type { RunningEntry } from "./run-status";
import { StateView } from "./state-view";
import type { UnfinishedRun } from "./unfinished-runs";
import { panelIcon } from "./webview-page";

/** What is compared with what, and how: all that another try needs. */
export interface Comparing {
  readonly a: Subject;
  readonly b: Subject;
  /** In the place of the settings. */
  readonly options?: RunAgainOptions;
  /** In the place of the chosen model. */
  readonly modelPath?: string;
}

/** One panel with one comparison: the host's side. */
export class ComparisonPanel {
  readonly #run: ComparisonRun;
  readonly #page: StateView<ToComparisonView, FromComparisonView>;
  /** The panel's title. */
  #name: string;
  #comparing: Comparing | undefined;
  #origins: readonly Origin[] = [];
  #status: RunningEntry | undefined;

  constructor(
    private readonly app: App,
    readonly panel: vscode.WebviewPanel,
  ) {
    const { extensionUri } = app.context;
    this.#name = panel.title;
    this.#run = new ComparisonRun(app.scoring, {
      post: (message) => this.#page.post(message),
      confirm: (cost, { memory }) => confirmCost(`Compare ${this.#title}`, cost, memory),
      progress: (progress) => this.#status?.update(progress),
      failure: (error) => {
        app.log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
        return failureOf(error);
      },
    });
    panel.iconPath = panelIcon(extensionUri);
    panel.onDidDispose(() => {
      this.#run.cancel();
      // A disposed panel does not tell its title.
      app.unfinished.end(this.#name);
    });
    this.#page = new StateView(panel, extensionUri, "comparison", {
      ready: () => this.#page.post({ type: "state", state: this.#run.state }),
      receive: (message) => void this.#receive(message),
    });
  }

  /** Compares, and keeps the result in the history. */
  async compare(comparing: Comparing): Promise<void> {
    this.#comparing = comparing;
    const { a, b, options, modelPath } = comparing;
    this.#origins = [...a.origins, ...b.origins];
    const { models, status, unfinished } = this.app;
    const modelName = modelPath === undefined ? models.currentName : basename(modelPath);
    const title = comparisonTitle(a, b);
    const name = this.#rename(title);
    unfinished.begin(name, { subject: a, against: b, options, modelPath, modelName });
    const settings = async (): Promise<RunSettings> => {
      const model = modelPath ?? (await models.currentPath());
      return { ...runSettings(), ...options, model };
    };
    this.#status?.end();
    const entry = status.begin(() => this.#run.cancel());
    this.#status = entry;
    const document = await this.#run.start({ title, modelName, a: setOf(a), b: setOf(b), settings });
    entry.end();
    // Another run of the same panel has begun an entry of its own, under the same name or another.
    if (this.#status === entry || this.#name !== name) unfinished.end(name);
    if (document) await keepResult(this.app, document, { title, origins: this.#origins, panel: this.#name });
  }

  /** Shows a result of the history. */
  show(document: ComparisonDocument, { id, title, origins }: ResultEntry): void {
    this.#comparing = undefined;
    this.#origins = origins;
    this.#rename(title);
    this.#run.show({ phase: "done", title, document, saved: false });
    void rememberResult(this.app.context, this.#name, id);
  }

  /** Says that a run ended with the window, and offers it again. */
  showInterrupted({ subject, against, options, modelPath, modelName }: UnfinishedRun): void {
    if (!against) return this.showGone();
    this.#comparing = { a: subject, b: against, options, modelPath };
    const title = comparisonTitle(subject, against);
    this.#run.show({ phase: "interrupted", title, model: modelName, target: options?.target });
  }

  /** Says that the result that was here is gone. */
  showGone(): void {
    this.#run.show({ phase: "empty" });
  }

  get #title(): string {
    const { state } = this.#run;
    return state.phase === "empty" ? "these texts" : state.title;
  }

  #rename(title: string): string {
    this.#name = panelTitle(title);
    this.panel.title = this.#name;
    return this.#name;
  }

  async #receive(message: FromComparisonView): Promise<void> {
    switch (message.type) {
      case "ready":
        break;
      case "cancel":
        this.#run.cancel();
        break;
      case "tryAgain":
        if (this.#comparing) await this.compare(this.#comparing);
        break;
      default: {
        const { state } = this.#run;
        await answerComparisonMessage(this.app, message, {
          document: state.phase === "done" ? state.document : undefined,
          title: this.#title,
          origins: this.#origins,
          column: this.panel.viewColumn,
        });
      }
    }
  }
}

function setOf({ title, texts, notes, samples }: Subject): NamedSet {
  return { name: title, texts, notes, samples };
}

export function comparisonTitle(a: Subject, b: Subject): string {
  return `${a.title} and ${b.title}`;
}

export function panelTitle(title: string): string {
  return `Comparison: ${title}`;
}
