import { readable } from "./readable";

/** Rows of text and figures under their titles. */
export interface Table {
  readonly columns: readonly { readonly title: string }[];
  readonly rows: readonly (readonly (string | number)[])[];
}

/** What spreadsheets run as a formula, unless a quote stands before it. */
const FORMULA = /^\s*[=+\-@\t\r\n\uFF0B\uFF0D\uFF1D\uFF20]/;

/** A field as text: one of foreign origin is never a formula, and all of it is seen. Numbers are no texts. */
function fieldText(field: string | number): string {
  if (typeof field !== "string") return String(field);
  const text = readable(field);
  return FORMULA.test(text) ? `'${text}` : text;
}

/** A table for the clipboard, as spreadsheets and documents take one. Tabs and line ends in fields become spaces. */
export function tabSeparated({ columns, rows }: Table): string {
  const line = (fields: readonly (string | number)[]) =>
    fields.map((field) => fieldText(field).replace(/[\t\r\n]+/g, " ")).join("\t");
  return [columns.map(({ title }) => title), ...rows].map(line).join("\n");
}

/** RFC 4180: quotes where a field needs them, CRLF between lines. */
export function csv({ columns, rows }: Table): string {
  const field = (value: string | number) => {
    const text = fieldText(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const lines = [columns.map(({ title }) => title), ...rows].map((row) => row.map(field).join(","));
  return `${lines.join("\r\n")}\r\n`;
}
