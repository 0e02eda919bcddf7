import * as vscode from "vscode";

import type { App } from "../views/app";
import { activeText } from "../editor/active-text";

/** Remembers the selection, or the whole text, as what the next comparison compares with. */
export async function markPromptA(app: App): Promise<void> {
  app.promptA = activeText();
  await vscode.commands.executeCommand("setContext", "paramscope.hasPromptA", true);
  vscode.window.setStatusBarMessage(`Prompt A: ${app.promptA.title}`, 5000);
}
