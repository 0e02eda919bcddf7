import * as vscode from "vscode";

import type { ResultEntry, ResultsStore } from "./results-store";

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
    const isComparison = entry.format === "paramscope.comparison";
    const item = new vscode.TreeItem(entry.title);
    const time = new Date(entry.time).toLocaleString(undefined, { dateStyle: "short", timeStyle: "short" });
    item.description = [entry.model, entry.target, time].join(" · ");
    item.tooltip = `${isComparison ? "Comparison" : "Analysis"}: ${entry.title}\n${item.description}`;
    item.iconPath = new vscode.ThemeIcon(isComparison ? "diff" : "graph");
    item.contextValue = isComparison ? "result.comparison" : "result.analysis";
    item.command = { command: "paramscope.openResult", title: "Open result", arguments: [entry] };
    return item;
  }
}
