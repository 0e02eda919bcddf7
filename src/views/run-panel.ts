import * as vscode from "vscode";

import { said } from "../editor/said";
import type { RunSettings } from "../wire/protocol";
import type { Origin } from "../kinds/asked";
import type { KindTypes, RunnableKind, RunningEntry } from "../kinds/kind";
import type { App } from "./app";
import { DocumentRun } from "./document-run";
import { KindPage, type OwnRequest } from "./kind-page";
import { keepCompleted, keepResult, rememberResult } from "./remembered-results";
import { resumeFolder } from "./resume-folder";
import type { ResultEntry } from "./results-store";
import type { ShownResult } from "./shown-results";
import type { UnfinishedRun } from "./unfinished-runs";
import { panelIcon } from "./webview-page";

/** A tab shows less; panels are told from each other by their titles. */
const LONGEST_TITLE = 300;

/** `Comparison: a.txt and b.txt` */
export function panelTitle({ run: { noun, panel = noun } }: RunnableKind, title: string): string {
  return said(`${panel}: ${title}`, LONGEST_TITLE);
}

/** One panel with one run, from its start to its result: the host's side. */
export class RunPanel<T extends KindTypes> implements ShownResult {
  readonly panel: vscode.WebviewPanel;
  readonly #app: App;
  readonly #kind: RunnableKind<T>;
  readonly #run: DocumentRun<T["document"], T["figure"], T["about"]>;
  readonly #page: KindPage<T>;
  /** The panel's title: a disposed one does not tell it. */
  #name: string;
  #asked: T["asked"] | undefined;
  #origins: readonly Origin[] = [];
  #status: RunningEntry | undefined;
  /** That of the result that is shown, once it is in the history. */
  #resultId: string | undefined;
  /** What its page looks at; undefined as long as it has not said. */
  #viewed: unknown;

  constructor(app: App, panel: vscode.WebviewPanel, kind: RunnableKind<T>) {
    this.#app = app;
    this.panel = panel;
    this.#kind = kind;
    this.#name = panel.title;
    this.#run = new DocumentRun({
      figures: kind.run.figures,
      post: (message) => this.#page.tell(message),
      confirm: (cost, settings) => app.confirm(kind.run.question(this.title), cost, settings, kind.run.takesFewer),
      progress: (progress) => this.#status?.update(progress),
      failure: (error) => app.failure(error),
    });
    panel.iconPath = panelIcon(app.context.extensionUri);
    panel.onDidDispose(() => {
      this.#run.cancel();
      app.unfinished.end(this.#name);
    });
    this.#page = new KindPage(app, kind, {
      panel,
      state: () => this.#run.state,
      title: () => this.title,
      origins: () => this.#origins,
      asked: () => this.#asked,
      answer: (message) => this.#answer(message),
      keep: (view) => {
        this.#viewed = view;
        this.#keepView();
      },
      complete: (document) => {
        if (this.#resultId !== undefined) void keepCompleted(app, this.#resultId, document);
      },
    });
  }

  /** Where what is asked for next may take this one's tab. */
  get place(): string | undefined {
    return this.#asked?.place;
  }

  get title(): string {
    const { state } = this.#run;
    return state.phase === "empty" ? "" : state.title;
  }

  get shown() {
    return this.#page.shown;
  }

  /** Runs what was asked for, and keeps the result in the history. */
  async start(asked: T["asked"]): Promise<void> {
    const kind = this.#kind;
    const app = this.#app;
    const { title, origins, options, model } = asked;
    this.#asked = asked;
    this.#origins = origins;
    this.#resultId = undefined;
    const name = this.#rename(title);
    const modelName = model?.name ?? app.models.currentName;
    app.unfinished.begin(name, { format: kind.format, asked, modelName });
    const settings = async (): Promise<RunSettings> => ({
      ...(await app.settings(model, "To run this again")),
      ...options,
      resumeFolder: resumeFolder(app.context),
    });
    this.#status?.end();
    const entry = app.begin(() => this.#run.cancel());
    this.#status = entry;
    const document = await this.#run.run({
      title,
      modelName,
      about: kind.run.about(asked),
      settings,
      estimate: (settings, ...how) => app.scoring.estimate({ kind, asked, settings }, ...how),
      compute: (settings, ...how) => app.scoring.run({ kind, asked, settings }, ...how),
    });
    entry.end();
    // Another run of the same panel has begun an entry of its own, under the same name or another.
    if (this.#status === entry || this.#name !== name) app.unfinished.end(name);
    if (!document) return;
    this.#viewed = undefined;
    this.#page.ended();
    // steps of the walkthrough are done with a result, not with an attempt
    void vscode.commands.executeCommand("setContext", `paramscope.made.${kind.page}`, true);
    const id = await keepResult(app, document, { title, origins, panel: this.#name });
    // another run may have begun meanwhile
    if (this.#status !== entry) return;
    this.#resultId = id;
    this.#keepView();
  }

  /** What is looked at before the result has its place in the history is kept once it has. */
  #keepView(): void {
    if (this.#resultId !== undefined && this.#viewed !== undefined)
      this.#app.results.keepView(this.#resultId, this.#viewed);
  }

  /** Shows a result of the history. */
  show(document: T["document"], { id, title, origins }: ResultEntry): void {
    this.#asked = this.#kind.run.askedOf?.(document, { title, origins }, false);
    this.#origins = origins;
    this.#resultId = id;
    this.#rename(title);
    this.#run.show({ phase: "done", title, document, saved: false });
    void rememberResult(this.#app.context, this.#name, id);
  }

  /** Says that a run ended with the window, and offers it again. */
  showInterrupted({ asked, modelName }: UnfinishedRun): void {
    this.#asked = asked;
    this.#run.show({ phase: "interrupted", title: asked.title, model: modelName, target: asked.options?.target });
  }

  /** Says that the result that was here is gone. */
  showGone(): void {
    this.#run.show({ phase: "empty" });
  }

  async #answer(message: OwnRequest<T>): Promise<void> {
    const { run } = this.#kind;
    switch (message.type) {
      case "cancel":
        this.#run.cancel();
        break;
      case "tryAgain":
        if (this.#asked) await this.start(this.#asked);
        break;
      case "runAgain":
        if (this.#asked && run.again) await this.start(run.again(this.#asked, message));
    }
  }

  #rename(title: string): string {
    this.#name = panelTitle(this.#kind, title);
    this.panel.title = this.#name;
    return this.#name;
  }
}
