import type { TemplateResult } from "lit";
import type { CalibrationDocument } from "../../src/engine/document/document";
import { formatCount } from "../../src/format/numbers";
import type { DataTable } from "../shared/data-table";
import { tableView } from "../shared/table-view";
import type { Panel } from "./panel";
import { html } from "../shared/template";

/** How much text the model was pruned with, and measured on. */
export function textsSection({ document }: Panel): TemplateResult {
  return html`<div class="columns">
    ${tableSection("calibrations", calibrationsTable(document))}
    ${tableSection("evaluations", evaluationsTable(document))}
  </div>`;
}

function tableSection(name: string, table: DataTable): TemplateResult {
  return html`<section class="section ${name}" aria-labelledby="${name}-title">
    <header><h2 id="${name}-title">${table.caption}</h2></header>
    ${tableView(table)}
  </section>`;
}

export function calibrationsTable({ calibrations }: CalibrationDocument): DataTable {
  return {
    caption: "Calibrated with",
    columns: [{ title: "Set", text: true }, { title: "Texts" }, { title: "Tokens" }],
    rows: calibrations.map(({ name, texts, tokens }) => [name, texts, tokens]),
    format: [String, formatCount, formatCount],
  };
}

export function evaluationsTable({ evaluations }: CalibrationDocument): DataTable {
  return {
    caption: "Measured on held-out texts",
    columns: [
      { title: "Domain", text: true },
      ...["Texts", "Predicted tokens", "Windows", "Available"].map((title) => ({ title })),
    ],
    rows: evaluations.map(({ name, texts, tokens, windows, available }) => [name, texts, tokens, windows, available]),
    format: [String, formatCount, formatCount, formatCount, formatCount],
  };
}
