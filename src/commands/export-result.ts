import * as vscode from "vscode";

import { ParamscopeError } from "../engine/errors";
import type { App } from "../editor/app";
import { exportContent, matrixTable, saveDocument } from "../views/save-document";

/** Writes the result of the panel that was last in use: as a result to open again, a table, or JSON. */
export async function exportResult(app: App): Promise<void> {
  const panel = app.panels.active;
  const document = panel?.document;
  if (!panel || !document) throw new ParamscopeError("There is no result to export", "Analyze a text first.");
  const choices = [
    { label: "Paramscope result", description: "opens again in Paramscope", format: "paramscope" },
    { label: "Table of matrices", description: "CSV", format: "csv" },
    { label: "JSON", description: "the whole result", format: "json" },
  ] as const;
  const choice = await vscode.window.showQuickPick(choices, { title: `Export ${panel.title}` });
  const name = panel.title;
  switch (choice?.format) {
    case "paramscope":
      await saveDocument(document, name);
      break;
    case "csv":
      await exportContent({ type: "export", format: "csv", name, content: matrixTable(document) });
      break;
    case "json":
      await exportContent({ type: "export", format: "json", name, content: JSON.stringify(document, undefined, 1) });
      break;
    case undefined:
  }
}
