import * as vscode from "vscode";

import { findKind } from "../kinds/find-kind";
import type { ResultEntry, ResultsStore } from "./results-store";

/** The side bar's list of earlier results, newest first. */
export class ResultsTree implements vscode.TreeDataProvider<ResultEntry> {
  readonly onDidChangeTreeData: vscode.Event<void>;

  readonly #results: ResultsStore;

  constructor(results: ResultsStore) {
    this.#results = results;
    this.onDidChangeTreeData = results.onDidChange;
  }

  register(): vscode.Disposable {
    return vscode.window.createTreeView("paramscope.results", { treeDataProvider: this, canSelectMany: true });
  }

  async getChildren(element?: ResultEntry): Promise<ResultEntry[]> {
    return element ? [] : await this.#results.entries();
  }

  getTreeItem(entry: ResultEntry): vscode.TreeItem {
    const kind = findKind(entry.format);
    const item = new vscode.TreeItem(entry.title);
    const time = new Date(entry.time).toLocaleString(undefined, { dateStyle: "short", timeStyle: "short" });
    item.description = [entry.model, entry.target, time].join(" · ");
    item.tooltip = `${kind?.run?.noun ?? ""}: ${entry.title}\n${item.description}`;
    item.iconPath = new vscode.ThemeIcon(kind?.run?.icon ?? "");
    item.contextValue = `result.${kind?.page ?? ""}`;
    item.command = { command: "paramscope.openResult", title: "Open result", arguments: [entry] };
    return item;
  }
}
