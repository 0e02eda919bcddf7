import * as vscode from "vscode";

import type { ResultEntry, ResultsStore } from "./results-store";

const kinds: Record<ResultEntry["format"], readonly [kind: string, icon: string, context: string]> = {
  "paramscope.analysis": ["Analysis", "graph", "result.analysis"],
  "paramscope.comparison": ["Comparison", "diff", "result.comparison"],
  "paramscope.pairs": ["Sentence pairs", "graph-scatter", "result.pairs"],
  "paramscope.domains": ["Domains", "library", "result.domains"],
  "paramscope.frequency": ["Frequency", "symbol-numeric", "result.frequency"],
  "paramscope.patching": ["Patching", "table", "result.patching"],
  "paramscope.pruning": ["Pruning", "filter", "result.pruning"],
};

/** The side bar's list of earlier results, newest first. */
export class ResultsTree implements vscode.TreeDataProvider<ResultEntry> {
  readonly onDidChangeTreeData: vscode.Event<void>;

  constructor(private readonly results: ResultsStore) {
    this.onDidChangeTreeData = results.onDidChange;
  }

  register(): vscode.Disposable {
    return vscode.window.createTreeView("paramscope.results", { treeDataProvider: this, canSelectMany: true });
  }

  async getChildren(element?: ResultEntry): Promise<ResultEntry[]> {
    return element ? [] : await this.results.entries();
  }

  getTreeItem(entry: ResultEntry): vscode.TreeItem {
    const [kind, icon, context] = kinds[entry.format];
    const item = new vscode.TreeItem(entry.title);
    const time = new Date(entry.time).toLocaleString(undefined, { dateStyle: "short", timeStyle: "short" });
    item.description = [entry.model, entry.target, time].join(" · ");
    item.tooltip = `${kind}: ${entry.title}\n${item.description}`;
    item.iconPath = new vscode.ThemeIcon(icon);
    item.contextValue = context;
    item.command = { command: "paramscope.openResult", title: "Open result", arguments: [entry] };
    return item;
  }
}
