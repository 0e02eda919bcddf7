import { rm, lstat } from "node:fs/promises";
import * as vscode from "vscode";

import type { App } from "../views/app";
import type { KnownModel } from "../editor/models";
import { formatBytes } from "../engine/numbers/bytes";
import { showWarning } from "../editor/said";

/** Makes the model of the side bar the chosen one. */
export async function useModel(app: App, model: KnownModel): Promise<void> {
  await app.models.choose(model);
}

/** Shows where a model is on the disk. */
export async function revealModel(_app: App, model: KnownModel): Promise<void> {
  if (vscode.env.remoteName === undefined && vscode.env.uiKind === vscode.UIKind.Desktop)
    await vscode.commands.executeCommand("revealFileInOS", vscode.Uri.file(model.path));
  else await vscode.env.clipboard.writeText(model.path);
}

/** Deletes a downloaded model, or takes a local one off the list. */
export async function deleteModel(app: App, model: KnownModel): Promise<void> {
  if (model.kind === "local") return await app.models.removeLocal(model.path);
  const question = `Delete ${model.id} (${formatBytes(model.bytes)}) from the disk?`;
  const options = { modal: true, detail: model.path };
  if ((await showWarning(question, options, "Delete")) !== "Delete") return;
  // Of a link only the link goes, never what it leads to.
  const isLink = (await lstat(model.path)).isSymbolicLink();
  await rm(model.path, { recursive: !isLink });
  app.models.refresh();
}
