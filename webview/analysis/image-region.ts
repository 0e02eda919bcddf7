import type { Region } from "../../src/engine/document/matrix-image";
import { clamp } from "../shared/scales";

/** What is seen of a matrix, and the weight that keys stand on. */
export interface ImageView {
  /** How often the sides that are seen were halved: 0 is the whole matrix. */
  readonly zoom: number;
  readonly row: number;
  readonly column: number;
}

type Shape = readonly [out: number, input: number];

/** No side becomes shorter than this. */
const SHORTEST = 24;

/** How many weights are seen of a side. */
function seenOf(size: number, zoom: number): number {
  return Math.min(size, Math.max(SHORTEST, Math.ceil(size / 2 ** zoom)));
}

/** As far as zooming goes. */
export function mostZoom([out, input]: Shape): number {
  return Math.max(0, Math.ceil(Math.log2(Math.max(out, input) / SHORTEST)));
}

/** What is seen: in steps of half of what is, so that the weight that is stood on is within, and walking on moves the picture seldom. */
export function regionOf([out, input]: Shape, { zoom, row, column }: ImageView): Region {
  const stretch = (size: number, at: number): [number, number] => {
    const seen = seenOf(size, zoom);
    const step = Math.max(1, Math.floor(seen / 2));
    const from = clamp(Math.round((at - seen / 2) / step) * step, 0, size - seen);
    return [from, from + seen];
  };
  return { rows: stretch(out, clamp(row, 0, out - 1)), columns: stretch(input, clamp(column, 0, input - 1)) };
}

export function isSameRegion(a: Region, b: Region): boolean {
  return [a.rows, a.columns].flat().join() === [b.rows, b.columns].flat().join();
}

/** Cells that cover a region evenly. */
export interface Cells {
  readonly rows: number;
  readonly columns: number;
}

/** The cell of a region that a weight is in. */
export function cellOf(region: Region, cells: Cells, { row, column }: Pick<ImageView, "row" | "column">) {
  const place = ([from, to]: readonly [number, number], count: number, at: number) =>
    clamp(Math.floor(((at - from) * count) / (to - from)), 0, count - 1);
  return { row: place(region.rows, cells.rows, row), column: place(region.columns, cells.columns, column) };
}

/** The rows and columns that a cell is of. */
export function weightsOf(
  region: Region,
  cells: Cells,
  cell: { readonly row: number; readonly column: number },
): Region {
  const stretch = ([from, to]: readonly [number, number], count: number, at: number): [number, number] => [
    from + Math.ceil((at * (to - from)) / count),
    from + Math.ceil(((at + 1) * (to - from)) / count),
  ];
  return {
    rows: stretch(region.rows, cells.rows, cell.row),
    columns: stretch(region.columns, cells.columns, cell.column),
  };
}
