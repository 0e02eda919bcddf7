import * as vscode from "vscode";

import { ParamscopeError } from "../engine/errors";
import type { App } from "../views/app";
import type { Subject } from "../kinds/asked";
import { subjectOfDocument, subjectOfUris } from "../editor/texts";
import { analysisKind } from "../kinds/analysis";

/** Analyses what is chosen in the explorer (files and folders as one set), a notebook's cell, or the active editor. */
export async function analyzeFile(app: App, clicked?: unknown, chosen?: unknown): Promise<void> {
  await app.run(analysisKind, await chosenSubject(clicked, chosen));
}

/** What is chosen in the explorer, a notebook's cell, or the active editor. */
export async function chosenSubject(clicked: unknown, chosen: unknown): Promise<Subject> {
  const uris = Array.isArray(chosen) ? chosen.filter((uri) => uri instanceof vscode.Uri) : [];
  if (uris.length > 0) return await subjectOfUris(uris);
  if (clicked instanceof vscode.Uri) return await subjectOfUris([clicked]);
  if (isCell(clicked)) return subjectOfDocument(clicked.document);
  const editor = vscode.window.activeTextEditor;
  if (editor) return subjectOfDocument(editor.document);
  throw new ParamscopeError("No text is open", "Open a file, or right-click one in the explorer.");
}

function isCell(argument: unknown): argument is vscode.NotebookCell {
  return typeof argument === "object" && argument !== null && "notebook" in argument && "document" in argument;
}
