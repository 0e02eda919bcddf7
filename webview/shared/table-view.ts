import type { TemplateResult } from "lit";
import { toolbarButton } from "./controls";
import { copyText } from "./copy-text";
import { tabSeparated } from "../../src/format/csv";
import type { DataTable } from "./data-table";
import { html } from "./template";

/** The table, and a button that copies it with all digits. */
export function tableView(table: DataTable): TemplateResult {
  const { caption, columns, rows, format } = table;
  const copy = async (event: Event) => {
    const note = (event.currentTarget as Element).parentElement?.querySelector(".copied");
    const isCopied = await copyText(tabSeparated(table));
    if (note) note.textContent = isCopied ? "Copied" : "The clipboard cannot be written";
  };
  const cell = (value: string | number, column: number) =>
    typeof value === "number" ? (format?.[column]?.(value) ?? String(value)) : value;
  return html`<div class="table-head">
      ${toolbarButton("Copy", `Copy: ${caption}`, (event) => void copy(event))}
      <span class="note copied" role="status"></span>
    </div>
    <div class="table-scroll" role="region" aria-label="${caption}, table" tabindex="0">
    <table>
      <caption class="hidden">
        ${caption}
      </caption>
      <thead>
        <tr>
          ${columns.map(({ title, text }) => html`<th scope="col" class=${text ? "text" : ""}>${title}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map((value, column) =>
                column === 0
                  ? html`<th scope="row" class=${columns[0]?.text ? "text" : ""}>${cell(value, 0)}</th>`
                  : html`<td class=${columns[column]?.text ? "text" : ""}>${cell(value, column)}</td>`,
              )}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
