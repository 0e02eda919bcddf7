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
  /** Rows between two labels. */
  readonly labelEvery: number;
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
  const longest = (labels: readonly string[]) => character * Math.max(...labels.map((label) => [...label].length));
  const left = Math.max(usual.left, Math.ceil(longest(rows)) + 10);
  const above = longest(columns);
  const turned = above + 4 > Math.min(widest, (width - left) / columns.length);
  return { left, top: turned ? Math.ceil(above) + 10 : usual.top, turned };
}

/** The layout of a heat map in the width that there is. */
export function heatMapLayout(map: {
  readonly rows: readonly unknown[];
  readonly columns: readonly unknown[];
  readonly width: number;
  readonly rowHeight: number;
  readonly labels?: HeatLabels;
}): HeatMapLayout {
  const { left, top, turned } = map.labels ?? usual;
  const rows = map.rows.length;
  const columns = map.columns.length;
  const cellWidth = Math.max(narrowest, Math.min(widest, Math.floor((map.width - left) / Math.max(1, columns))));
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
