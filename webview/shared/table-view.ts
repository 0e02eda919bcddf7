import type { TemplateResult } from "lit";
import { AsyncDirective, directive } from "lit/async-directive.js";
import { toolbarButton } from "./controls";
import { copyText } from "./copy-text";
import { tabSeparated } from "../../src/format/csv";
import type { DataTable } from "./data-table";
import { nextOrder, type SortOrder, sortedRows } from "./sorted-rows";
import { html } from "./template";

/** A table that its titles sort, and a button that copies it as it is sorted, with all digits. */
export function tableView(table: DataTable): TemplateResult {
  return html`${sortable(table)}`;
}

/** Keeps the order for as long as the table is shown. */
class SortableTable extends AsyncDirective {
  #table: DataTable | undefined;
  #order: SortOrder | undefined;

  render(table: DataTable): TemplateResult {
    // in the place of another table
    if (this.#table?.caption !== table.caption) this.#order = undefined;
    this.#table = table;
    return drawn({ ...table, rows: sortedRows(table.rows, this.#order) }, this.#order, (column) => {
      this.#order = nextOrder(table, this.#order, column);
      this.setValue(this.render(table));
    });
  }
}

const sortable = directive(SortableTable);

function drawn(table: DataTable, order: SortOrder | undefined, sort: (column: number) => void): TemplateResult {
  const { caption, columns, rows, format } = table;
  const noteOf = (event: Event) => (event.currentTarget as Element).closest(".table-view")?.querySelector(".copied");
  const copy = async (event: Event) => {
    const note = noteOf(event);
    const isCopied = await copyText(tabSeparated(table));
    if (note) note.textContent = isCopied ? "Copied" : "The clipboard cannot be written";
  };
  const onSort = (event: Event, column: number) => {
    // what was copied is in another order
    const note = noteOf(event);
    if (note) note.textContent = "";
    sort(column);
  };
  const cell = (value: string | number, column: number) =>
    typeof value === "number" ? (format?.[column]?.(value) ?? String(value)) : value;
  const sorted = (column: number) => (order?.column === column ? order.way : "none");
  return html`<div class="table-view"><div class="table-head">
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
          ${columns.map(
            ({ title, text }, column) =>
              html`<th scope="col" class=${text ? "text" : ""} aria-sort=${sorted(column)}
                ><button class="sort" type="button" @click=${(event: Event) => onSort(event, column)}>${title}</button></th
              >`,
          )}
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
  </div></div>`;
}
