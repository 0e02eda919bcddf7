import * as vscode from "vscode";

import { ParamscopeError, stackOf } from "../engine/errors";
import { namedRemedy } from "../format/remedy";
import { ScoringProcessError } from "../wire/errors";
import { editorSettings } from "../format/editor-settings";
import type { ErrorState } from "../pages/run";
import { ModelMissingError } from "./models";
import { showError } from "./said";
import type { Log } from "./said";

export type Failure = Omit<ErrorState, "phase" | "title">;

/** An error in words for the person at the screen. */
export function failureOf(error: unknown): Failure {
  if (error instanceof ModelMissingError)
    return { ...wordsOf(error), kind: "model-missing", download: error.downloadId };
  if (error instanceof ParamscopeError)
    return { ...wordsOf({ message: error.message, remedy: namedRemedy(error, editorSettings) }), kind: "user" };
  if (error instanceof ScoringProcessError)
    return {
      ...wordsOf(error),
      settings: error.settings,
      kind: error.kind === "user" || error.kind === "token" ? "user" : "crash",
    };
  const message = error instanceof Error ? error.message : String(error);
  return { message: `This is a defect of Paramscope: ${message}`, kind: "crash" };
}

function wordsOf({ message, remedy }: { message: string; remedy?: string }): { message: string; remedy?: string } {
  return { message: /[.!?]$/.test(message) ? message : `${message}.`, remedy };
}

export function isCancelled(error: unknown): boolean {
  return error instanceof ScoringProcessError && error.kind === "cancelled";
}

/** Shows an error where no panel can; says more in the log. */
export async function showFailure(error: unknown, log: Log): Promise<void> {
  if (isCancelled(error)) return;
  const { message, remedy, kind, download } = failureOf(error);
  log.error(stackOf(error));
  const actions = kind === "model-missing" ? [...(download ? ["Download"] : []), "Choose model"] : ["Show log"];
  const chosen = await showError(remedy ? `${message} ${remedy}` : message, ...actions);
  if (chosen === "Download") await vscode.commands.executeCommand("paramscope.downloadModel", download);
  else if (chosen === "Choose model") await vscode.commands.executeCommand("paramscope.chooseModel");
  else if (chosen === "Show log") await vscode.commands.executeCommand("paramscope.showLog");
}
