import * as vscode from "vscode";

/** Where long runs of the workspace keep how far they are; undefined where that is no folder of this machine. */
export function resumeFolder(context: vscode.ExtensionContext): string | undefined {
  const folder = vscode.Uri.joinPath(context.storageUri ?? context.globalStorageUri, "resume");
  return folder.scheme === "file" ? folder.fsPath : undefined;
}
