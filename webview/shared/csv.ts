import type { DataTable } from "./data-table";

/** RFC 4180: quotes where a field needs them, CRLF between lines. */
export function csv({ columns, rows }: Pick<DataTable, "columns" | "rows">): string {
  const field = (value: string | number) => {
    const text = String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const lines = [columns.map(({ title }) => title), ...rows].map((row) => row.map(field).join(","));
  return `${lines.join("\r\n")}\r\n`;
}
