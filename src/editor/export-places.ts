import { join } from "node:path";
import * as vscode from "vscode";

import { ParamscopeError } from "../engine/errors";
import { askForLine } from "./said";

/**
 * Where a new folder is to be, and how it is to be called; undefined where the user thought better of it.
 * @param written what is in it: `the pruned model`.
 * @param name what is offered.
 * @throws ParamscopeError for a place that is not of this machine.
 */
export async function askForFolder(written: string, name: string): Promise<string | undefined> {
  const parents = await vscode.window.showOpenDialog({
    title: `Choose where the folder of ${written} is to be`,
    openLabel: "Export here",
    canSelectFolders: true,
    canSelectFiles: false,
    defaultUri: vscode.workspace.workspaceFolders?.[0]?.uri,
  });
  const [parent] = parents ?? [];
  if (parent === undefined) return undefined;
  const folder = pathOf(parent, "folder");
  const named = await askForLine({
    title: "Export",
    prompt: `The name of a new folder for ${written}`,
    value: name,
    validateInput: (value) => (/^[^\\/]*[^\\/.\s][^\\/]*$/.test(value) ? undefined : "Write a name without slashes."),
  });
  return named === undefined ? undefined : join(folder, named);
}

/** Where a GGUF file is to be; VS Code asks whether to replace one that is there. @throws ParamscopeError as `askForFolder` does. */
export async function askForGgufFile(title: string, name: string): Promise<string | undefined> {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  const uri = await vscode.window.showSaveDialog({
    title,
    saveLabel: "Write",
    filters: { GGUF: ["gguf"] },
    ...(folder && { defaultUri: vscode.Uri.joinPath(folder.uri, name) }),
  });
  return uri && pathOf(uri, "file");
}

function pathOf(uri: vscode.Uri, what: "folder" | "file"): string {
  if (uri.scheme === "file") return uri.fsPath;
  throw new ParamscopeError(`${uri.toString()} is not on this machine`, `Choose a ${what} of this machine.`);
}
