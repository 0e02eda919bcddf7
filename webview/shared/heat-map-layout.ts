import type { Cell } from "./grid-keys";

/** The room that labels take, in pixels. */
export interface HeatLabels {
  readonly left: number;
  readonly top: number;
  /** Whether the labels of columns are written upwards. */
  readonly turned: boolean;
}

/** Where a heat map has its cells, in pixels. */
export interface HeatMapLayout {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly top: number;
  readonly cellWidth: number;
  readonly rowHeight: number;
  readonly rows: number;
  readonly columns: number;
  /** Rows between two labels, and columns. */
  readonly labelEvery: number;
  readonly columnEvery: number;
  readonly turned: boolean;
}

/** Room for the labels of rows (left) and columns (above); as `barHead`, so that rows stand beside the bars of their layer. */
const usual: HeatLabels = { left: 26, top: 18, turned: false };
const widest = 104;
const narrowest = 12;
/** About what a character of a label takes. */
const character = 6.4;

/** Room for these labels; those of columns are turned where they do not fit above their column. */
export function roomForLabels(rows: readonly string[], columns: readonly string[], width: number): HeatLabels {
  const left = Math.max(usual.left, Math.ceil(longest(rows)) + 10);
  const above = longest(columns);
  const turned = above + 4 > Math.min(widest, (width - left) / columns.length);
  return { left, top: turned ? Math.ceil(above) + 10 : usual.top, turned };
}

const longest = (labels: readonly string[]): number =>
  character * Math.max(0, ...labels.map((label) => [...label].length));

/** How far a label may be squeezed to stand above its column. */
const SQUEEZED = 1.3;

/** Room for short names, which are turned only where they could not be read otherwise; undefined: the usual room. */
export function roomForNames(
  rows: readonly string[],
  columns: readonly string[],
  width: number,
): HeatLabels | undefined {
  const cell = Math.max(narrowest, (width - usual.left) / Math.max(1, columns.length));
  return longest(columns) > SQUEEZED * cell ? roomForLabels(rows, columns, width) : undefined;
}

/** The layout of a heat map in the width that there is. */
export function heatMapLayout(map: {
  readonly rows: readonly unknown[];
  readonly columns: readonly unknown[];
  readonly width: number;
  readonly rowHeight: number;
  readonly labels?: HeatLabels;
  readonly narrowest?: number;
}): HeatMapLayout {
  const { left, top, turned } = map.labels ?? usual;
  const rows = map.rows.length;
  const columns = map.columns.length;
  const cellWidth = Math.max(
    map.narrowest ?? narrowest,
    Math.min(widest, Math.floor((map.width - left) / Math.max(1, columns))),
  );
  return {
    width: left + columns * cellWidth,
    height: top + rows * map.rowHeight,
    left,
    top,
    cellWidth,
    rowHeight: map.rowHeight,
    rows,
    columns,
    labelEvery: Math.ceil(14 / map.rowHeight),
    // of numbers a few say which the others are, of names none
    columnEvery: map.columns.every((name) => /^\d+$/.test(String(name)))
      ? Math.ceil((longest(map.columns.map(String)) + 4) / cellWidth)
      : 1,
    turned,
  };
}

/** The cell at a point. */
export function cellAt(layout: HeatMapLayout, x: number, y: number): Cell | undefined {
  const column = Math.floor((x - layout.left) / layout.cellWidth);
  const row = Math.floor((y - layout.top) / layout.rowHeight);
  const inside = column >= 0 && column < layout.columns && row >= 0 && row < layout.rows;
  return inside ? { row, column } : undefined;
}
