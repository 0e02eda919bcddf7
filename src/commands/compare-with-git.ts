import * as vscode from "vscode";

import { ParamscopeError } from "../engine/errors";
import type { App } from "../views/app";
import { lastVersion } from "../editor/git";
import { sideOfUri } from "../editor/texts";
import { comparing, comparisonKind } from "../kinds/comparison";

/** What did this edit change? Compares a file as it was in the last commit with what it is now, saved or not. */
export async function compareWithGit(app: App, clicked?: unknown): Promise<void> {
  const uri = uriOf(clicked) ?? vscode.window.activeTextEditor?.document.uri;
  if (!uri) throw new ParamscopeError("No file is open", "Open a file of a Git repository first.");
  const before = await lastVersion(uri);
  const now = await sideOfUri(uri);
  if (before.texts.at(0)?.text === now.texts.at(0)?.text) {
    throw new ParamscopeError(
      `${vscode.workspace.asRelativePath(uri)} is as in its last commit: there is nothing to compare`,
      "Change it first, or compare it with another file.",
    );
  }
  await app.run(comparisonKind, comparing(before, now));
}

/** The file that was clicked in the explorer, an editor's menu, or the Source Control view. */
function uriOf(clicked: unknown): vscode.Uri | undefined {
  if (clicked instanceof vscode.Uri) return clicked;
  if (typeof clicked !== "object" || clicked === null || !("resourceUri" in clicked)) return undefined;
  return clicked.resourceUri instanceof vscode.Uri ? clicked.resourceUri : undefined;
}
