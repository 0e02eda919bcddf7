import type * as vscode from "vscode";

import type { App } from "../editor/app";
import { confirmCost } from "../editor/confirm-cost";
import { failureOf } from "../editor/failure";
import { pathOfResultModel } from "../editor/models";
import { runSettings } from "../editor/settings";
import type { Origin } from "../editor/texts";
import type { RunSettings } from "../scoring/protocol";
import { resumeFolder } from "./resume-folder";
import { AsShown } from "./as-shown";
import { DocumentRun } from "./document-run";
import type { PageKind } from "./page-kind";
import { keepResult, rememberResult } from "./remembered-results";
import type { ResultEntry } from "./results-store";
import type { RunKind, RunTypes, StateOf } from "./run-kind";
import type { RunMessage } from "../pages/run";
import type { RunningEntry } from "./run-status";
import type { ShownResult } from "./shown-results";
import { StateView } from "./state-view";
import type { UnfinishedRun } from "./unfinished-runs";
import { panelIcon } from "./webview-page";

/** A kind of runs with its page and its words; its panels are of the type `paramscope.PAGE`. */
export interface PanelKind<T extends RunTypes> extends RunKind<T>, PageKind<T> {
  /** What a panel's title begins with: `Comparison`. */
  readonly name: string;
  /** What is asked about, with its cost: `Compare a.txt and b.txt`. */
  readonly question: (title: string) => string;
}

export function panelTitle({ name }: { readonly name: string }, title: string): string {
  return `${name}: ${title}`;
}

/** One panel with one run, from its start to its result: the host's side. The page is told all of it whenever it is shown. */
export class RunPanel<T extends RunTypes> implements ShownResult {
  protected readonly run: DocumentRun<T["document"], T["layer"], T["about"], T["done"]>;
  protected readonly page: StateView<RunMessage<StateOf<T>, T["layer"]> | T["more"], T["from"]>;
  /** The panel's title: a disposed one does not tell it. */
  #name: string;
  #asked: T["asked"] | undefined;
  #origins: readonly Origin[] = [];
  #status: RunningEntry | undefined;
  readonly #shown = new AsShown<T["document"]>();

  constructor(
    protected readonly app: App,
    readonly panel: vscode.WebviewPanel,
    private readonly kind: PanelKind<T>,
  ) {
    const { extensionUri } = app.context;
    this.#name = panel.title;
    this.run = new DocumentRun({
      post: (message) => this.post(message),
      layer: (layer) => kind.layer(layer),
      done: kind.done,
      confirm: (cost, { memory }) => confirmCost(kind.question(this.title), cost, memory),
      progress: (progress) => this.#status?.update(progress),
      failure: (error) => {
        app.log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
        return failureOf(error);
      },
    });
    panel.iconPath = panelIcon(extensionUri);
    panel.onDidDispose(() => {
      this.run.cancel();
      app.unfinished.end(this.#name);
    });
    this.page = new StateView(panel, extensionUri, kind.page, {
      ready: () => this.post({ type: "state", state: this.run.state }),
      receive: (message) => void this.receive(message),
    });
  }

  get title(): string {
    const { state } = this.run;
    return state.phase === "empty" ? "" : state.title;
  }

  /** As the page shows it. */
  get document(): T["document"] | undefined {
    const { state } = this.run;
    return state.phase === "done" ? this.#shown.of(state.document) : undefined;
  }

  protected get asked(): T["asked"] | undefined {
    return this.#asked;
  }

  protected get origins(): readonly Origin[] {
    return this.#origins;
  }

  /** Runs what was asked for, and keeps the result in the history; its document, if there is one. */
  async start(asked: T["asked"]): Promise<T["document"] | undefined> {
    const { app, kind } = this;
    const { title, origins, options, model } = asked;
    this.#asked = asked;
    this.#origins = origins;
    this.#shown.choose(undefined);
    const name = this.#rename(title);
    const modelName = model?.name ?? app.models.currentName;
    app.unfinished.begin(name, { format: kind.format, asked, modelName });
    const settings = async (): Promise<RunSettings> => {
      const path = await (model ? pathOfResultModel(model, "To run this again") : app.models.currentPath());
      return {
        ...runSettings(),
        ...options,
        model: path,
        identity: model?.hash,
        resumeFolder: resumeFolder(app.context),
      };
    };
    this.#status?.end();
    const entry = app.status.begin(() => this.run.cancel());
    this.#status = entry;
    const document = await this.run.run({
      title,
      modelName,
      about: kind.about(asked),
      settings,
      estimate: (...run) => kind.estimate(app.scoring, asked, ...run),
      compute: (...run) => kind.compute(app.scoring, asked, ...run),
    });
    entry.end();
    // Another run of the same panel has begun an entry of its own, under the same name or another.
    if (this.#status === entry || this.#name !== name) app.unfinished.end(name);
    if (document) await keepResult(app, document, { title, origins, panel: this.#name });
    return document;
  }

  /** Shows a result of the history. */
  show(document: T["document"], { id, title, origins }: ResultEntry): void {
    this.#asked = this.kind.askedOf?.(document, { title, origins });
    this.#origins = origins;
    this.#rename(title);
    this.#shown.choose(undefined);
    this.run.show({ phase: "done", title, document, saved: false, ...this.kind.done });
    void rememberResult(this.app.context, this.#name, id);
  }

  /** Says that a run ended with the window, and offers it again. */
  showInterrupted({ asked, modelName }: UnfinishedRun): void {
    this.#asked = asked;
    this.run.show({ phase: "interrupted", title: asked.title, model: modelName, target: asked.options?.target });
  }

  /** Says that the result that was here is gone. */
  showGone(): void {
    this.run.show({ phase: "empty" });
  }

  protected post(message: RunMessage<StateOf<T>, T["layer"]>): void {
    this.page.post(message);
  }

  protected async receive(message: T["from"]): Promise<void> {
    const { app, kind } = this;
    const choice = kind.choice?.(message);
    if (choice) {
      this.#shown.choose(choice);
      return;
    }
    switch (message.type) {
      case "ready":
        break;
      case "cancel":
        this.run.cancel();
        break;
      case "tryAgain":
        if (this.#asked) await this.start(this.#asked);
        break;
      case "runAgain":
        if (this.#asked && kind.again)
          await this.start(kind.again(this.#asked, message as Parameters<typeof kind.again>[1]));
        break;
      default:
        await kind.answer(app, message as Parameters<typeof kind.answer>[1], {
          document: this.document,
          title: this.title,
          origins: this.#origins,
          column: this.panel.viewColumn,
        });
    }
  }

  #rename(title: string): string {
    this.#name = panelTitle(this.kind, title);
    this.panel.title = this.#name;
    return this.#name;
  }
}
