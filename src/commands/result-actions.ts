import * as vscode from "vscode";

import { ParamscopeError } from "../engine/errors";
import type { App } from "../editor/app";
import type { Subject } from "../editor/texts";
import type { ResultEntry } from "../views/results-store";

/** Opens a result of the history again. */
export async function openResult(app: App, entry: ResultEntry): Promise<void> {
  if (entry.format === "paramscope.comparison") return await app.comparisons.show(entry);
  if (await app.panels.show(entry)) return;
  throw new ParamscopeError(`The result of ${entry.title} is not there any more`, "Run the analysis again.");
}

/** Compares the texts of two results of the history. */
export async function compareResults(app: App, clicked: ResultEntry, chosen?: ResultEntry[]): Promise<void> {
  const entries = chosen ?? [clicked];
  const [a, b] = entries;
  if (entries.length !== 2) {
    throw new ParamscopeError("Two results are needed for a comparison", "Select exactly two analyses.");
  }
  await app.comparisons.compare(await sideOf(app, a), await sideOf(app, b));
}

/** Deletes results of the history, once the user is sure of several. */
export async function deleteResult(app: App, clicked: ResultEntry, chosen?: ResultEntry[]): Promise<void> {
  const entries = chosen ?? [clicked];
  if (entries.length > 1) {
    const question = `Delete ${entries.length} results?`;
    if ((await vscode.window.showWarningMessage(question, { modal: true }, "Delete")) !== "Delete") return;
  }
  for (const { id } of entries) await app.results.delete(id);
}

async function sideOf(app: App, { id, title, origins }: ResultEntry): Promise<Subject> {
  const document = await app.results.load(id);
  if (document?.format !== "paramscope.analysis")
    throw new ParamscopeError(`The result ${title} holds no texts to compare`, "Select two analyses.");
  return { title, texts: [], notes: document.run.notes, origins, samples: document.samples };
}
