import * as vscode from "vscode";

import type { App } from "../views/app";
import type { KnownModel } from "../editor/models";
import { formatBytes } from "../engine/numbers/bytes";
import { addModel } from "./add-model";
import { showPick } from "../editor/said";

interface Choice extends vscode.QuickPickItem {
  readonly model?: KnownModel;
  readonly add?: "folder" | "file";
  readonly command?: string;
}

/** Lets the user choose the model that texts are run through; whether one was chosen. */
export async function chooseModel(app: App): Promise<boolean> {
  const [models, current] = await Promise.all([app.models.list(), app.models.currentPath().catch(() => undefined)]);
  const choices: Choice[] = models.map((model) => ({
    label: model.id,
    description: [model.kind, model.architecture, model.bytes > 0 ? formatBytes(model.bytes) : ""]
      .filter((part) => part !== "")
      .join(" · "),
    iconPath: new vscode.ThemeIcon(model.path === current ? "check" : "layers"),
    model,
  }));
  choices.push(
    { label: "", kind: vscode.QuickPickItemKind.Separator },
    {
      label: "Download a model…",
      iconPath: new vscode.ThemeIcon("cloud-download"),
      command: "paramscope.downloadModel",
    },
    { label: "Open a model folder…", iconPath: new vscode.ThemeIcon("folder-opened"), add: "folder" },
    { label: "Open a GGUF file…", iconPath: new vscode.ThemeIcon("file-binary"), add: "file" },
  );
  const choice = await showPick(choices, {
    title: "Choose model",
    placeHolder: "The model that texts are run through",
    matchOnDescription: true,
  });
  if (choice?.add) return await addModel(app, choice.add);
  if (choice?.model) await app.models.choose(choice.model);
  if (choice?.command) await vscode.commands.executeCommand(choice.command);
  return choice?.model !== undefined;
}
