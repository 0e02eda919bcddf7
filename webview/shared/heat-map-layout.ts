import type { Cell } from "./grid-keys";

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
}

/** Room for the labels of rows (left) and columns (above); as `barHead`, so that rows stand beside the bars of their layer. */
const left = 26;
const top = 18;
const widest = 104;

export function heatMapLayout(map: {
  readonly rows: readonly unknown[];
  readonly columns: readonly unknown[];
  readonly width: number;
  readonly rowHeight: number;
}): HeatMapLayout {
  const rows = map.rows.length;
  const columns = map.columns.length;
  const cellWidth = Math.max(12, Math.min(widest, Math.floor((map.width - left) / Math.max(1, columns))));
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
  };
}

/** The cell at a point. */
export function cellAt(layout: HeatMapLayout, x: number, y: number): Cell | undefined {
  const column = Math.floor((x - layout.left) / layout.cellWidth);
  const row = Math.floor((y - layout.top) / layout.rowHeight);
  const inside = column >= 0 && column < layout.columns && row >= 0 && row < layout.rows;
  return inside ? { row, column } : undefined;
}
