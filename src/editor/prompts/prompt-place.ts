import * as vscode from "vscode";

import { ParamscopeError } from "../../engine/errors";
import type { Subject } from "../../kinds/asked";
import { subjectOfRanges } from "../texts";
import { openDocument } from "../workspace-files";

/** Where a prompt stands, as a command is given it: UTF-16 offsets in an open document. */
export interface PromptPlace {
  readonly uri: string;
  readonly from: number;
  readonly to: number;
}

/**
 * A prompt as its document has it now.
 * @param given what a command was given.
 * @throws ParamscopeError where that is no place of an open text.
 */
export function subjectOfPrompt(given: unknown): Subject {
  const document = isPlace(given) ? openDocument(vscode.Uri.parse(given.uri)) : undefined;
  if (!isPlace(given) || !document)
    throw new ParamscopeError("The prompt's text is not open any more", "Open it, and try again.");
  const range = new vscode.Range(document.positionAt(given.from), document.positionAt(given.to));
  if (range.isEmpty) throw new ParamscopeError("The prompt is not there any more", "Try again.");
  return subjectOfRanges(document, [range]);
}

function isPlace(given: unknown): given is PromptPlace {
  if (typeof given !== "object" || given === null) return false;
  const { uri, from, to } = given as Partial<Record<keyof PromptPlace, unknown>>;
  return typeof uri === "string" && typeof from === "number" && typeof to === "number";
}
