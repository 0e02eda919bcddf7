import * as vscode from "vscode";

import { activeSelection } from "./active-text";
import type { Subject } from "../kinds/asked";
import { subjectOfDocument, subjectOfUris } from "./texts";
import { ParamscopeError } from "../engine/errors";
import type { TextChoice } from "../pages/preview";

/**
 * The texts of a choice in a view of the side bar; undefined where nothing was chosen.
 * @param ask how to ask for other texts
 * @throws ParamscopeError when none is open or selected, and as `subjectOfUris` does.
 */
export async function chosenTexts(choice: TextChoice, ask: vscode.OpenDialogOptions): Promise<Subject | undefined> {
  switch (choice) {
    case "selection":
      return activeSelection();
    case "file":
      return subjectOfDocument(openText());
    case "other": {
      const uris = await vscode.window.showOpenDialog(ask);
      return uris && uris.length > 0 ? await subjectOfUris(uris) : undefined;
    }
  }
}

/** The texts of a choice that calibrate something; others are a folder's. */
export async function chosenCalibration(choice: TextChoice): Promise<Subject | undefined> {
  const ask = { title: "Calibrate with a folder of texts", openLabel: "Calibrate" };
  return await chosenTexts(choice, { ...ask, canSelectFolders: true, canSelectFiles: false });
}

/** The active editor's, or the only one beside a panel that is active. */
function openText(): vscode.TextDocument {
  const { activeTextEditor, visibleTextEditors } = vscode.window;
  const editor = activeTextEditor ?? (visibleTextEditors.length === 1 ? visibleTextEditors[0] : undefined);
  if (editor) return editor.document;
  throw new ParamscopeError("No text is open", "Open a file first.");
}

/**
 * The one text of a choice.
 * @param what is of one: `perplexity is`.
 * @throws ParamscopeError where there are several.
 */
export function onlyText({ title, texts }: Pick<Subject, "title" | "texts">, what: string): Subject["texts"][number] {
  const [text] = texts;
  if (text !== undefined && texts.length === 1) return text;
  throw new ParamscopeError(`${title} holds ${texts.length} texts, and ${what} measured on one`, "Choose one text.");
}
