import * as vscode from "vscode";

import type { App } from "../editor/app";
import type { Subject } from "../editor/texts";
import { AnalysisPanel, panelTitle } from "./analysis-panel";
import type { RunAgainOptions } from "./analysis-protocol";
import { rememberedResult } from "./remembered-results";
import type { ResultEntry } from "./results-store";

const VIEW_TYPE = "paramscope.analysis";

/** All panels of analyses: one per subject, restored when the window is loaded again. */
export class AnalysisPanels implements vscode.WebviewPanelSerializer {
  readonly #panels = new Set<AnalysisPanel>();
  #active: AnalysisPanel | undefined;

  /** @param app read when a panel is opened, not before. */
  constructor(private readonly app: () => App) {}

  /** The panel that was last in use. */
  get active(): AnalysisPanel | undefined {
    return this.#active;
  }

  async analyze(subject: Subject, options?: RunAgainOptions, modelPath?: string): Promise<void> {
    await this.#open(subject.title).analyze(subject, options, modelPath);
  }

  /** Opens a result of the history; false when it is not there any more. */
  async show(entry: ResultEntry): Promise<boolean> {
    const document = await this.app().results.load(entry.id);
    if (document?.format !== "paramscope.analysis") return false;
    this.#open(entry.title).show(document, entry);
    return true;
  }

  refreshDecorated(): void {
    for (const panel of this.#panels) panel.refreshDecorated();
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    const restored = this.#add(panel);
    const { context, results, unfinished } = this.app();
    const run = await unfinished.find(panel.title);
    if (run) return restored.showInterrupted(run);
    const id = rememberedResult(context, panel.title);
    const entry = (await results.entries()).find((candidate) => candidate.id === id);
    const document = entry && (await results.load(entry.id));
    if (entry && document?.format === "paramscope.analysis") restored.show(document, entry);
    else restored.showGone();
  }

  register(): vscode.Disposable {
    return vscode.Disposable.from(
      vscode.window.registerWebviewPanelSerializer(VIEW_TYPE, this),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration("paramscope.decorations"))
          this.#active?.setDecorated(this.app().decorations.isOn);
      }),
    );
  }

  #open(title: string): AnalysisPanel {
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
    const column = this.#active?.panel.viewColumn;
    return column === undefined || column === vscode.window.activeTextEditor?.viewColumn
      ? vscode.ViewColumn.Beside
      : column;
  }

  #add(panel: vscode.WebviewPanel): AnalysisPanel {
    const added = new AnalysisPanel(this.app(), panel);
    this.#panels.add(added);
    this.#activate(added);
    panel.onDidChangeViewState(() => {
      if (panel.active) this.#activate(added);
    });
    panel.onDidDispose(() => {
      this.#panels.delete(added);
      if (this.#active === added) this.#activate([...this.#panels].at(-1));
    });
    return added;
  }

  #activate(panel: AnalysisPanel | undefined): void {
    this.#active = panel;
    void vscode.commands.executeCommand("setContext", "paramscope.hasPanel", panel !== undefined);
  }
}
