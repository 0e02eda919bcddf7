import * as vscode from "vscode";

import type { App } from "../views/app";

/** Asks for a model on this machine, checks that it is one, and chooses it; whether one was chosen. */
export async function addModel(app: App, kind: "folder" | "file" = "folder"): Promise<boolean> {
  const uris =
    (await vscode.window.showOpenDialog({
      title: kind === "folder" ? "A folder with config.json and safetensors files" : "A GGUF file",
      openLabel: "Use model",
      canSelectFolders: kind === "folder",
      canSelectFiles: kind === "file",
      filters: kind === "file" ? { "GGUF models": ["gguf"] } : undefined,
    })) ?? [];
  const uri = uris.at(0);
  if (!uri) return false;
  await app.scoring.describeModel(uri.fsPath);
  await app.models.addLocal(uri.fsPath);
  return true;
}
