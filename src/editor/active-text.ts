import * as vscode from "vscode";

import { ParamscopeError } from "../engine/errors";
import type { Subject } from "../kinds/asked";
import { subjectOfDocument, subjectOfSelection } from "./texts";

/** @throws ParamscopeError when nothing is selected. */
export function activeSelection(): Subject {
  const editor = vscode.window.activeTextEditor;
  if (!editor) throw new ParamscopeError("No text is open", "Open a file and select a text.");
  return subjectOfSelection(editor);
}

/** What is selected, else all of the active editor's text. */
export function activeText(): Subject {
  const editor = vscode.window.activeTextEditor;
  if (!editor) throw new ParamscopeError("No text is open", "Open a file first.");
  return editor.selections.some(({ isEmpty }) => !isEmpty)
    ? subjectOfSelection(editor)
    : subjectOfDocument(editor.document);
}
