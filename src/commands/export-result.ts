import { ParamscopeError } from "../engine/errors";
import type { App } from "../views/app";
import { csv } from "../format/csv";
import { kindOf } from "../kinds/find-kind";
import { exportContent, saveDocument } from "../views/save-document";
import { showPick } from "../editor/said";

/** Writes the result that was last in use, of whichever kind: as a result to open again, a table, or JSON. */
export async function exportResult(app: App): Promise<void> {
  const shown = app.shown.last();
  const document = shown?.shown?.document;
  if (!shown || !document) throw new ParamscopeError("There is no result to export", "Analyze a text first.");
  const table = kindOf(document).table(document);
  const choices = [
    { label: "Paramscope result", description: "opens again in Paramscope", format: "paramscope" },
    { label: table.name, description: "CSV", format: "csv" },
    { label: "JSON", description: "the whole result", format: "json" },
  ] as const;
  const name = shown.title;
  const choice = await showPick(choices, { title: `Export ${name}` });
  switch (choice?.format) {
    case "paramscope":
      await saveDocument(document, name);
      break;
    case "csv":
      await exportContent({ type: "export", format: "csv", name, content: csv(table) });
      break;
    case "json":
      await exportContent({ type: "export", format: "json", name, content: JSON.stringify(document, undefined, 1) });
      break;
    case undefined:
  }
}
