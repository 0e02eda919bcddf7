import { formatCount, formatNumber } from "../format/numbers";
import type { ResultTable } from "../format/result-table";
import { type Html, html } from "./html";

/** More are of no use to somebody who reads; the page has them all where its script runs. */
const mostRows = 1000;

/** A result's figures as a table, for where no script runs. */
export function reportTable({ name, columns, rows }: ResultTable): Html {
  const left = rows.length - mostRows;
  const [first = []] = rows;
  const heading = ({ title }: ResultTable["columns"][number], column: number) =>
    html`<th scope="col"${typeof first[column] === "string" ? html` class="text"` : html``}>${title}</th>`;
  const row = (values: ResultTable["rows"][number]) => html`<tr>${values.map(cell)}</tr>\n`;
  return html`<h2>${name}</h2>
<div class="table-scroll"><table>
<thead><tr>${columns.map(heading)}</tr></thead>
<tbody>
${rows.slice(0, mostRows).map(row)}</tbody>
</table></div>
${left > 0 ? html`<p class="note">${formatCount(left)} more rows are shown where this page's script runs.</p>` : html``}`;
}

function cell(value: string | number): Html {
  if (typeof value === "string") return html`<td class="text">${value}</td>`;
  return html`<td>${Number.isInteger(value) ? formatCount(value) : formatNumber(value)}</td>`;
}
