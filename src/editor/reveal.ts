import * as vscode from "vscode";

import type { Origin } from "../kinds/asked";
import { openDocument } from "./workspace-files";
import { showInformation } from "./said";

/**
 * Shows a stretch of a text in the editor that it comes from. The focus stays where it is.
 * @param from the column of the view that asks: the text is not opened over it.
 */
export async function reveal(
  { uri, offset }: Origin,
  start: number,
  end: number,
  from: vscode.ViewColumn | undefined,
): Promise<void> {
  const resource = vscode.Uri.parse(uri);
  const document = openDocument(resource) ?? (await open(resource));
  if (!document) return;
  const range = new vscode.Range(document.positionAt(offset + start), document.positionAt(offset + end));
  const shown = vscode.window.visibleTextEditors.find((editor) => editor.document === document);
  if (document.uri.scheme === "vscode-notebook-cell") {
    if (!shown) return;
    shown.selection = new vscode.Selection(range.start, range.end);
    shown.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
    return;
  }
  const free = from === vscode.ViewColumn.One ? vscode.ViewColumn.Two : vscode.ViewColumn.One;
  const viewColumn = shown?.viewColumn ?? free;
  await vscode.window.showTextDocument(document, { viewColumn, selection: range, preserveFocus: true });
}

async function open(resource: vscode.Uri): Promise<vscode.TextDocument | undefined> {
  try {
    return await vscode.workspace.openTextDocument(resource);
  } catch {
    void showInformation("The text that this token comes from is not open any more.");
    return undefined;
  }
}

/** The origin of a saved result's source: a file of the workspace, or one named by its absolute path. */
export async function originOfSource(source: string): Promise<Origin | undefined> {
  const candidates = /^([/\\]|[A-Za-z]:)/.test(source)
    ? [vscode.Uri.file(source)]
    : (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => vscode.Uri.joinPath(uri, source));
  for (const candidate of candidates) {
    const found = await vscode.workspace.fs.stat(candidate).then(
      () => true,
      () => false,
    );
    if (found) return { source, uri: candidate.toString(), offset: 0 };
  }
  return undefined;
}
