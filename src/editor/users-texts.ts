import * as vscode from "vscode";

/** Where the user's own texts are, beside the folders of the workspace: not in outputs, logs, or other versions of a file. */
const SCHEMES = ["file", "untitled", "vscode-remote", "vscode-notebook-cell"];

/** Whether a text is one of the user's own. */
export function isUsers({ scheme }: vscode.Uri): boolean {
  return SCHEMES.includes(scheme) || (vscode.workspace.workspaceFolders ?? []).some(({ uri }) => uri.scheme === scheme);
}
