import * as vscode from "vscode";

import type { ResultDocument } from "../engine/document/document";
import { isOf, type KindTypes, type RunnableKind } from "../kinds/kind";
import type { App } from "./app";
import { rememberedResult } from "./remembered-results";
import type { ResultEntry } from "./results-store";
import { panelTitle, RunPanel } from "./run-panel";

/** All panels of one kind of runs: one per title, restored when the window is loaded again. */
export class RunPanels<T extends KindTypes> implements vscode.WebviewPanelSerializer {
  readonly #app: () => App;
  readonly #kind: RunnableKind<T>;
  readonly #panels = new Set<RunPanel<T>>();

  /** @param app read when a panel is opened, not before. */
  constructor(app: () => App, kind: RunnableKind<T>) {
    this.#app = app;
    this.#kind = kind;
  }

  register(): vscode.Disposable {
    return vscode.window.registerWebviewPanelSerializer(this.#viewType, this);
  }

  /** Runs in the panel of that title, else in that of the same place, a new one where there is none. */
  async run(asked: T["asked"]): Promise<void> {
    await this.#open(asked.title, asked.place).start(asked);
  }

  /** Opens a result of the history; false when it is not there any more. */
  async show(entry: ResultEntry): Promise<boolean> {
    const document = await this.#app().results.load(entry.id);
    if (!this.#isShown(document)) return false;
    this.#open(entry.title).show(document, entry);
    return true;
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    const restored = this.#add(panel);
    const { context, results, unfinished } = this.#app();
    const run = await unfinished.find(panel.title);
    if (run?.format === this.#kind.format) return restored.showInterrupted(run);
    const id = rememberedResult(context, panel.title);
    const entry = (await results.entries()).find((candidate) => candidate.id === id);
    const document = entry && (await results.load(entry.id));
    if (entry && this.#isShown(document)) restored.show(document, entry);
    else restored.showGone();
  }

  get #viewType(): string {
    return `paramscope.${this.#kind.page}`;
  }

  #open(title: string, place?: string): RunPanel<T> {
    const name = panelTitle(this.#kind, title);
    const panels = [...this.#panels];
    const known =
      panels.find(({ panel }) => panel.title === name) ??
      (place === undefined ? undefined : panels.find((other) => other.place === place));
    if (known) {
      known.panel.reveal(undefined, true);
      return known;
    }
    const column = { viewColumn: this.#column(), preserveFocus: true };
    return this.#add(vscode.window.createWebviewPanel(this.#viewType, name, column));
  }

  /** Where the other panels are, unless the text is there; else beside it. */
  #column(): vscode.ViewColumn {
    const column = this.#app().shown.last((shown) => shown instanceof RunPanel)?.panel.viewColumn;
    return column === undefined || column === vscode.window.activeTextEditor?.viewColumn
      ? vscode.ViewColumn.Beside
      : column;
  }

  #isShown(document: ResultDocument | undefined): document is T["document"] {
    return isOf(this.#kind, document);
  }

  #add(panel: vscode.WebviewPanel): RunPanel<T> {
    const added = new RunPanel(this.#app(), panel, this.#kind);
    this.#panels.add(added);
    this.#app().shown.add(added);
    this.#app().status.show();
    panel.onDidDispose(() => this.#panels.delete(added));
    return added;
  }
}
