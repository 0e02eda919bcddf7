import * as vscode from "vscode";

import type { App } from "../editor/app";
import type { Subject } from "../editor/texts";
import { type Comparing, ComparisonPanel, comparisonTitle, panelTitle } from "./comparison-panel";
import { rememberedResult } from "./remembered-results";
import type { ResultEntry } from "./results-store";

const VIEW_TYPE = "paramscope.comparison";

/** All panels of comparisons: one per pair of subjects, restored when the window is loaded again. */
export class Comparisons implements vscode.WebviewPanelSerializer {
  readonly #panels = new Set<ComparisonPanel>();

  /** @param app read when a panel is opened, not before. */
  constructor(private readonly app: () => App) {}

  register(): vscode.Disposable {
    return vscode.window.registerWebviewPanelSerializer(VIEW_TYPE, this);
  }

  async compare(a: Subject, b: Subject, how: Pick<Comparing, "options" | "modelPath"> = {}): Promise<void> {
    await this.#open(comparisonTitle(a, b)).compare({ a, b, ...how });
  }

  /** Opens a result of the history; false when it is not there any more. */
  async show(entry: ResultEntry): Promise<boolean> {
    const document = await this.app().results.load(entry.id);
    if (document?.format !== "paramscope.comparison") return false;
    this.#open(entry.title).show(document, entry);
    return true;
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    const restored = this.#add(panel);
    const { context, results, unfinished } = this.app();
    const run = await unfinished.find(panel.title);
    if (run) return restored.showInterrupted(run);
    const id = rememberedResult(context, panel.title);
    const entry = (await results.entries()).find((candidate) => candidate.id === id);
    const document = entry && (await results.load(entry.id));
    if (entry && document?.format === "paramscope.comparison") restored.show(document, entry);
    else restored.showGone();
  }

  #open(title: string): ComparisonPanel {
    const known = [...this.#panels].find(({ panel }) => panel.title === panelTitle(title));
    if (known) {
      known.panel.reveal(undefined, true);
      return known;
    }
    const place = { viewColumn: this.#column(), preserveFocus: true };
    return this.#add(vscode.window.createWebviewPanel(VIEW_TYPE, panelTitle(title), place));
  }

  /** Where the other panels are, unless the text is there; else beside it. */
  #column(): vscode.ViewColumn {
    const column = [...this.#panels].at(-1)?.panel.viewColumn ?? this.app().panels.active?.panel.viewColumn;
    return column === undefined || column === vscode.window.activeTextEditor?.viewColumn
      ? vscode.ViewColumn.Beside
      : column;
  }

  #add(panel: vscode.WebviewPanel): ComparisonPanel {
    const added = new ComparisonPanel(this.app(), panel);
    this.#panels.add(added);
    panel.onDidDispose(() => this.#panels.delete(added));
    return added;
  }
}
