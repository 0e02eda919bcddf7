import * as vscode from "vscode";

import type { App } from "../editor/app";
import { type AskedPairs, PairsPanel, panelTitle } from "./pairs-panel";
import { rememberedResult } from "./remembered-results";
import type { ResultEntry } from "./results-store";

const VIEW_TYPE = "paramscope.pairs";

/** All panels of sentence pairs: one per table, restored when the window is loaded again. */
export class Pairs implements vscode.WebviewPanelSerializer {
  readonly #panels = new Set<PairsPanel>();

  /** @param app read when a panel is opened, not before. */
  constructor(private readonly app: () => App) {}

  register(): vscode.Disposable {
    return vscode.window.registerWebviewPanelSerializer(VIEW_TYPE, this);
  }

  async compare(asked: AskedPairs): Promise<void> {
    await this.#open(asked.title).compare(asked);
  }

  /** Opens a result of the history; false when it is not there any more. */
  async show(entry: ResultEntry): Promise<boolean> {
    const document = await this.app().results.load(entry.id);
    if (document?.format !== "paramscope.pairs") return false;
    this.#open(entry.title).show(document, entry);
    return true;
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    const restored = this.#add(panel);
    const { context, results } = this.app();
    const id = rememberedResult(context, panel.title);
    const entry = (await results.entries()).find((candidate) => candidate.id === id);
    const document = entry && (await results.load(entry.id));
    if (entry && document?.format === "paramscope.pairs") restored.show(document, entry);
    else restored.showGone();
  }

  #open(title: string): PairsPanel {
    const known = [...this.#panels].find(({ panel }) => panel.title === panelTitle(title));
    if (known) {
      known.panel.reveal(undefined, true);
      return known;
    }
    const place = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    return this.#add(vscode.window.createWebviewPanel(VIEW_TYPE, panelTitle(title), place));
  }

  #add(panel: vscode.WebviewPanel): PairsPanel {
    const added = new PairsPanel(this.app(), panel);
    this.#panels.add(added);
    panel.onDidDispose(() => this.#panels.delete(added));
    return added;
  }
}
