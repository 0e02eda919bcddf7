import { clamp } from "./scales";

/** A cell of a grid, from 0. */
export interface Cell {
  readonly row: number;
  readonly column: number;
}

/**
 * The cell that a key moves the focus of a grid to: arrows by one, Home and End along the row (with Ctrl to the corners),
 * Page Up and Page Down by ten rows. Undefined for keys that move nothing.
 */
export function moveCell(
  { row, column }: Cell,
  { rows, columns }: { readonly rows: number; readonly columns: number },
  { key, ctrlKey = false }: { readonly key: string; readonly ctrlKey?: boolean },
): Cell | undefined {
  const to = (newRow: number, newColumn: number): Cell => ({
    row: Math.min(rows - 1, Math.max(0, newRow)),
    column: Math.min(columns - 1, Math.max(0, newColumn)),
  });
  switch (key) {
    case "ArrowUp":
      return to(row - 1, column);
    case "ArrowDown":
      return to(row + 1, column);
    case "ArrowLeft":
      return to(row, column - 1);
    case "ArrowRight":
      return to(row, column + 1);
    case "Home":
      return to(ctrlKey ? 0 : row, 0);
    case "End":
      return to(ctrlKey ? rows - 1 : row, columns - 1);
    case "PageUp":
      return to(row - 10, column);
    case "PageDown":
      return to(row + 10, column);
    default:
      return undefined;
  }
}

/**
 * The place that a key moves to along a row of places: arrows by one, Page Up and Page Down by a page, Home and End to its ends.
 * Undefined for keys that move nothing.
 */
export function movePlace(at: number, count: number, key: string, page = 0): number | undefined {
  const step = {
    ArrowLeft: -1,
    ArrowDown: -1,
    ArrowRight: 1,
    ArrowUp: 1,
    PageDown: -page,
    PageUp: page,
    Home: -Infinity,
    End: Infinity,
  }[key];
  return step === undefined ? undefined : clamp(at + step, 0, count - 1);
}

/**
 * The threshold that a key moves to on a logarithmic scale: arrows by a bin, Page keys by an octave.
 * Undefined for keys that move nothing.
 */
export function moveThreshold(
  tau: number,
  { lowest, highest }: { readonly lowest: number; readonly highest: number },
  key: string,
): number | undefined {
  const by = (octaves: number) => Math.min(highest, Math.max(lowest, tau * 2 ** octaves));
  switch (key) {
    case "ArrowLeft":
    case "ArrowDown":
      return by(-1 / 16);
    case "ArrowRight":
    case "ArrowUp":
      return by(1 / 16);
    case "PageDown":
      return by(-1);
    case "PageUp":
      return by(1);
    case "Home":
      return lowest;
    case "End":
      return highest;
    default:
      return undefined;
  }
}
