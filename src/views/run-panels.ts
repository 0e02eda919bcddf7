import * as vscode from "vscode";

import type { App } from "../editor/app";
import type { ParamscopeDocument } from "../engine/document/document";
import { rememberedResult } from "./remembered-results";
import type { ResultEntry } from "./results-store";
import type { RunTypes } from "./run-kind";
import { type PanelKind, panelTitle, RunPanel } from "./run-panel";

/** All panels of one kind of runs: one per title, restored when the window is loaded again. */
export class RunPanels<T extends RunTypes, Panel extends RunPanel<T> = RunPanel<T>>
  implements vscode.WebviewPanelSerializer
{
  readonly #panels = new Set<Panel>();

  /** @param app read when a panel is opened, not before. */
  constructor(
    protected readonly app: () => App,
    private readonly kind: PanelKind<T>,
    private readonly create: (app: App, panel: vscode.WebviewPanel) => Panel,
  ) {}

  register(): vscode.Disposable {
    return vscode.window.registerWebviewPanelSerializer(this.#viewType, this);
  }

  protected get panels(): ReadonlySet<Panel> {
    return this.#panels;
  }

  /** Runs in the panel of that title, a new one where there is none. */
  async run(asked: T["asked"]): Promise<void> {
    await this.#open(asked.title).start(asked);
  }

  /** Runs what a saved result is of again, as its page asks. */
  async runSaved(
    document: T["document"],
    title: string,
    message: Extract<T["from"], { readonly type: "runAgain" }>,
  ): Promise<void> {
    const { kind } = this;
    const asked = kind.askedOf?.(document, { title, origins: [] });
    if (asked && kind.again) await this.run(kind.again(asked, message));
  }

  /** Opens a result of the history; false when it is not there any more. */
  async show(entry: ResultEntry): Promise<boolean> {
    const document = await this.app().results.load(entry.id);
    if (!this.#isShown(document)) return false;
    this.#open(entry.title).show(document, entry);
    return true;
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    const restored = this.#add(panel);
    const { context, results, unfinished } = this.app();
    const run = await unfinished.find(panel.title);
    if (run?.format === this.kind.format) return restored.showInterrupted(run);
    const id = rememberedResult(context, panel.title);
    const entry = (await results.entries()).find((candidate) => candidate.id === id);
    const document = entry && (await results.load(entry.id));
    if (entry && this.#isShown(document)) restored.show(document, entry);
    else restored.showGone();
  }

  get #viewType(): string {
    return `paramscope.${this.kind.page}`;
  }

  #open(title: string): Panel {
    const name = panelTitle(this.kind, title);
    const known = [...this.#panels].find(({ panel }) => panel.title === name);
    if (known) {
      known.panel.reveal(undefined, true);
      return known;
    }
    const place = { viewColumn: this.#column(), preserveFocus: true };
    return this.#add(vscode.window.createWebviewPanel(this.#viewType, name, place));
  }

  /** Where the other panels are, unless the text is there; else beside it. */
  #column(): vscode.ViewColumn {
    const column = this.app().shown.last((shown) => shown instanceof RunPanel)?.panel.viewColumn;
    return column === undefined || column === vscode.window.activeTextEditor?.viewColumn
      ? vscode.ViewColumn.Beside
      : column;
  }

  #isShown(document: ParamscopeDocument | undefined): document is T["document"] & ParamscopeDocument {
    return document?.format === this.kind.format;
  }

  #add(panel: vscode.WebviewPanel): Panel {
    const added = this.create(this.app(), panel);
    this.#panels.add(added);
    this.app().shown.add(added);
    panel.onDidDispose(() => this.#panels.delete(added));
    return added;
  }
}
