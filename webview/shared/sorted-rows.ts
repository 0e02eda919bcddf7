import type { DataTable } from "./data-table";

type Rows = DataTable["rows"];

/** By which column rows are sorted, and which way. */
export interface SortOrder {
  readonly column: number;
  readonly way: "ascending" | "descending";
}

/**
 * The order after another click on a column's title: texts from A on, numbers from the largest on, since that is what one looks for; then the other way;
 * then as the table has them.
 */
export function nextOrder(
  { columns }: Pick<DataTable, "columns">,
  order: SortOrder | undefined,
  column: number,
): SortOrder | undefined {
  const first = columns[column]?.text ? "ascending" : "descending";
  if (order?.column !== column) return { column, way: first };
  if (order.way === first) return { column, way: first === "ascending" ? "descending" : "ascending" };
  return undefined;
}

/** Rows in an order; equal ones as they were, and last those that have nothing in the column. */
export function sortedRows(rows: Rows, order: SortOrder | undefined): Rows {
  if (!order) return rows;
  const { column, way } = order;
  const sign = way === "ascending" ? 1 : -1;
  const isMissing = (value: string | number | undefined): boolean =>
    value === undefined || value === "" || Number.isNaN(value);
  return [...rows].sort((one, other) => {
    const [a, b] = [one[column], other[column]];
    if (isMissing(a) || isMissing(b)) return Number(isMissing(a)) - Number(isMissing(b));
    return sign * compare(a, b);
  });
}

function compare(a: string | number | undefined, b: string | number | undefined): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return collator.compare(String(a), String(b));
}

/** Names with numbers in them by these: layer 2 before layer 10. */
const collator = new Intl.Collator("en", { numeric: true });
