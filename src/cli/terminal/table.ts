import stringWidth from "fast-string-width";
import type { Style } from "./style";
import { elementAt, zip } from "../../engine/numbers/elements";

/** A column of a table: its title, and how its cells are written. */
export interface Column {
  readonly title: string;
  readonly align?: "left" | "right";
  /** Colours a cell after it was padded. */
  readonly style?: (text: string) => string;
}

const gap = "  ";

/** Lines of a table: a dim title line, then the rows, columns two spaces apart. Nothing is wrapped or cut. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[], style: Style): string[] {
  const widths = columns.map(({ title }, column) =>
    rows.reduce((width, row) => Math.max(width, stringWidth(elementAt(row, column))), stringWidth(title)),
  );
  const line = (cells: readonly string[], paint: (text: string, column: Column) => string): string =>
    zip(cells, columns)
      .map(([cell, column], index) => paint(pad(cell, elementAt(widths, index), column.align ?? "right"), column))
      .join(gap)
      .trimEnd();
  const titles = line(
    columns.map(({ title }) => title),
    (text) => text,
  );
  return [style("dim", titles), ...rows.map((row) => line(row, (text, column) => column.style?.(text) ?? text))];
}

/** The width of the widest line, in columns of the terminal. */
export function tableWidth(lines: readonly string[]): number {
  return lines.reduce((width, line) => Math.max(width, stringWidth(line)), 0);
}

function pad(text: string, width: number, align: "left" | "right"): string {
  const space = " ".repeat(width - stringWidth(text));
  return align === "left" ? text + space : space + text;
}
