import * as vscode from "vscode";

import type { App } from "../editor/app";
import type { ParamscopeDocument } from "../engine/document/document";
import { rememberedResult } from "./remembered-results";
import type { ResultEntry } from "./results-store";
import type { UnfinishedRun } from "./unfinished-runs";

/** A panel that shows one result, or a run on its way to one. */
export interface ResultPanel<Document> {
  readonly panel: vscode.WebviewPanel;
  /** Shows a result of the history. */
  show(document: Document, entry: ResultEntry): void;
  /** Says that the result that was here is gone. */
  showGone(): void;
  /** Says that a run ended with the window, and offers it again. */
  showInterrupted?(run: UnfinishedRun): void;
}

interface Kind<Document, Panel> {
  readonly viewType: string;
  readonly format: ParamscopeDocument["format"];
  /** The panel's title, by that of the result. */
  readonly titleOf: (title: string) => string;
  readonly create: (app: App, panel: vscode.WebviewPanel) => Panel & ResultPanel<Document>;
}

/** All panels of one kind of results: one per title, restored when the window is loaded again. */
export class ResultPanels<Document extends ParamscopeDocument, Panel extends ResultPanel<Document>>
  implements vscode.WebviewPanelSerializer
{
  readonly #panels = new Set<Panel>();

  /** @param app read when a panel is opened, not before. */
  constructor(
    private readonly app: () => App,
    private readonly kind: Kind<Document, Panel>,
  ) {}

  register(): vscode.Disposable {
    return vscode.window.registerWebviewPanelSerializer(this.kind.viewType, this);
  }

  /** Opens a result of the history; false when it is not there any more. */
  async show(entry: ResultEntry): Promise<boolean> {
    const document = await this.app().results.load(entry.id);
    if (!this.#isShown(document)) return false;
    this.open(entry.title).show(document, entry);
    return true;
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    const restored = this.#add(panel);
    const { context, results, unfinished } = this.app();
    const run = await unfinished.find(panel.title);
    if (run && restored.showInterrupted) return restored.showInterrupted(run);
    const id = rememberedResult(context, panel.title);
    const entry = (await results.entries()).find((candidate) => candidate.id === id);
    const document = entry && (await results.load(entry.id));
    if (entry && this.#isShown(document)) restored.show(document, entry);
    else restored.showGone();
  }

  /** The panel of that title, a new one where there is none. */
  protected open(title: string): Panel {
    const name = this.kind.titleOf(title);
    const known = [...this.#panels].find(({ panel }) => panel.title === name);
    if (known) {
      known.panel.reveal(undefined, true);
      return known;
    }
    const place = { viewColumn: this.#column(), preserveFocus: true };
    return this.#add(vscode.window.createWebviewPanel(this.kind.viewType, name, place));
  }

  /** Where the other panels are, unless the text is there; else beside it. */
  #column(): vscode.ViewColumn {
    const column = [...this.#panels].at(-1)?.panel.viewColumn ?? this.app().panels.active?.panel.viewColumn;
    return column === undefined || column === vscode.window.activeTextEditor?.viewColumn
      ? vscode.ViewColumn.Beside
      : column;
  }

  #isShown(document: ParamscopeDocument | undefined): document is Document {
    return document?.format === this.kind.format;
  }

  #add(panel: vscode.WebviewPanel): Panel {
    const added = this.kind.create(this.app(), panel);
    this.#panels.add(added);
    panel.onDidDispose(() => this.#panels.delete(added));
    return added;
  }
}
