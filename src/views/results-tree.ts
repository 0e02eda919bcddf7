import * as vscode from "vscode";

import { findKind } from "../kinds/find-kind";
import type { ResultEntry, ResultsStore } from "./results-store";
import { treeItem } from "../editor/said";

/** `14:03:27`, of other days than this `27/11/26, 14:03:27`, in the user's own form. */
function timeOf(milliseconds: number): string {
  const time = new Date(milliseconds);
  const isToday = time.toDateString() === new Date().toDateString();
  return time.toLocaleString(undefined, { ...(!isToday && { dateStyle: "short" }), timeStyle: "medium" });
}

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
    // First, as a narrow side bar shows no more; two runs of one file differ by it alone.
    const description = [timeOf(entry.time), entry.target, entry.model].join(" · ");
    const tooltip = `${kind?.run?.noun ?? ""}: ${entry.title}\n${description}`;
    const item = treeItem({ label: entry.title, description, tooltip });
    item.iconPath = new vscode.ThemeIcon(kind?.run?.icon ?? "");
    item.contextValue = `result.${kind?.page ?? ""}`;
    item.command = { command: "paramscope.openResult", title: "Open result", arguments: [entry] };
    return item;
  }
}
