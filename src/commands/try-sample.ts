import * as vscode from "vscode";

import type { App } from "../views/app";
import { subjectOfDocument } from "../editor/texts";
import { analysisKind } from "../kinds/analysis";

/** Opens a text that comes with Paramscope and analyses it. */
export async function trySample(app: App): Promise<void> {
  const uri = vscode.Uri.joinPath(app.context.extensionUri, "samples", "fiction", "harbour.txt");
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.One });
  await app.run(analysisKind, subjectOfDocument(document));
}
