import * as vscode from "vscode";

import type { KnownModel, Models } from "../editor/models";
import { formatBytes } from "../engine/numbers/bytes";
import { said, treeItem } from "../editor/said";

/** The side bar's list of models: bundled, downloaded, and local ones that the user added. */
export class ModelsTree implements vscode.TreeDataProvider<KnownModel> {
  readonly onDidChangeTreeData: vscode.Event<void>;
  #current: string | undefined;

  readonly #models: Models;

  constructor(models: Models) {
    this.#models = models;
    this.onDidChangeTreeData = models.onDidChange;
  }

  register(): vscode.Disposable {
    return vscode.window.createTreeView("paramscope.models", { treeDataProvider: this });
  }

  async getChildren(element?: KnownModel): Promise<KnownModel[]> {
    if (element) return [];
    this.#current = await this.#models.currentPath().catch(() => undefined);
    return await this.#models.list();
  }

  getTreeItem(model: KnownModel): vscode.TreeItem {
    const isCurrent = model.path === this.#current;
    const size = model.bytes > 0 ? formatBytes(model.bytes) : "";
    const description = [isCurrent ? "chosen" : "", model.kind, model.architecture, size]
      .filter((part) => part !== "")
      .join(" · ");
    const item = treeItem({ label: model.id, description, tooltip: model.path });
    item.iconPath = new vscode.ThemeIcon(isCurrent ? "check" : "layers");
    item.contextValue = `model.${model.kind}`;
    item.command = { command: "paramscope.useModel", title: "Use model", arguments: [model] };
    item.accessibilityInformation = { label: said(`${model.id}, ${description}`) };
    return item;
  }
}
