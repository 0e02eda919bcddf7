import type { TemplateResult } from "lit";
import { ref } from "lit/directives/ref.js";
import type { Region } from "../../src/engine/document/matrix-image";
import { colourOf, type ThemeKind } from "./colour-scale";
import { type Cell, moveCell } from "./grid-keys";
import { hideTooltip, showTooltip } from "./tooltip";
import { html, svg } from "./template";

/** Rows, or columns, that belong together: a head, a part of a fused matrix, a neuron. */
export interface Stretch {
  readonly axis: "rows" | "columns";
  readonly from: number;
  readonly to: number;
  readonly label: string;
}

/** A matrix as a picture, rows down and columns across, with what each row and column comes to along its sides. */
export interface MatrixPicture {
  readonly id: string;
  readonly label: string;
  /** What of the matrix is seen. */
  readonly region: Region;
  readonly cells: {
    readonly rows: number;
    readonly columns: number;
    /** On the scale of colours, 0..1, row by row. */
    readonly positions: Float64Array;
  };
  /** Sums along the rows and the columns of the whole matrix, each binned evenly. */
  readonly sums: { readonly rows: readonly number[]; readonly columns: readonly number[] };
  readonly shape: readonly [out: number, input: number];
  /** Lines between heads or parts, which are named. */
  readonly ruled: readonly Stretch[];
  /** What stands out: marked along its side. */
  readonly marked: readonly Stretch[];
  /** Weights that are ringed. */
  readonly ringed: readonly Cell[];
  readonly width: number;
  readonly theme: ThemeKind;
  readonly at: Cell;
  readonly describe: (cell: Cell) => string;
  readonly onMove: (cell: Cell) => void;
  /** Plus and minus, and a click or Enter on a cell: closer by 1, or back by −1; undefined where there is nothing closer. */
  readonly onZoom: ((by: 1 | -1, at: Cell) => void) | undefined;
}

/** Room for names of heads, for sums and between them and the picture, in pixels; and the most that the picture takes. */
const [names, bars, gap] = [46, 48, 6];
const [widest, highest, lowest] = [620, 460, 96];

/** The picture; arrow keys walk its cells, and what a cell is is said as it is reached. */
export function matrixPicture(picture: MatrixPicture): TemplateResult {
  const { id, label, region, cells, at, describe, onMove, onZoom } = picture;
  const [height, breadth] = [region.rows[1] - region.rows[0], region.columns[1] - region.columns[0]];
  const width = Math.max(60, Math.min(widest, picture.width - names - bars - gap));
  const tall = Math.min(highest, Math.max(lowest, (width * height) / breadth));
  const [cellWidth, cellHeight] = [width / cells.columns, tall / cells.rows];
  const top = names / 2;
  const x = (column: number) => names + ((column - region.columns[0]) * width) / breadth;
  const y = (row: number) => top + ((row - region.rows[0]) * tall) / height;
  const pointed = ({ offsetX, offsetY }: MouseEvent): Cell | undefined => {
    const cell = { row: Math.floor((offsetY - top) / cellHeight), column: Math.floor((offsetX - names) / cellWidth) };
    const isWithin = cell.row >= 0 && cell.row < cells.rows && cell.column >= 0 && cell.column < cells.columns;
    return isWithin ? cell : undefined;
  };
  const onKey = (event: KeyboardEvent) => {
    const by = { "+": 1, "=": 1, Enter: 1, "-": -1 }[event.key];
    const cell = moveCell(at, cells, event);
    if (by !== undefined && onZoom) onZoom(by === 1 ? 1 : -1, at);
    else if (cell) onMove(cell);
    else return;
    event.preventDefault();
  };
  return html`<div
    class="heat-map matrix-picture"
    role="application"
    aria-roledescription="picture of a matrix"
    aria-label="${label}. Arrow keys walk the cells${onZoom ? ", plus and minus zoom" : ""}."
    aria-describedby="${id}-cell"
    tabindex="0"
    @keydown=${onKey}
  >
    <svg
      class="chart"
      aria-hidden="true"
      data-chart=${id}
      width=${names + width + gap + bars}
      height=${top + tall + gap + bars}
      @pointermove=${(event: PointerEvent) => {
        const cell = pointed(event);
        if (cell) showTooltip(event, describe(cell));
        else hideTooltip();
      }}
      @pointerleave=${hideTooltip}
      @click=${(event: MouseEvent) => {
        const cell = pointed(event);
        if (cell) onMove(cell);
      }}
      @dblclick=${(event: MouseEvent) => {
        const cell = pointed(event);
        if (cell) onZoom?.(1, cell);
      }}
    >
      <image
        x=${names}
        y=${top}
        width=${width}
        height=${tall}
        preserveAspectRatio="none"
        image-rendering="pixelated"
        ${ref((image) => {
          // no text to a reader, and longer than one
          const url = pixels(picture);
          if (image && image.getAttribute("href") !== url) image.setAttribute("href", url);
        })}
      ></image>
      ${sumBars(picture, { x, y, right: names + width + gap, bottom: top + tall + gap })}
      ${rules(picture, { x, y, right: names + width, bottom: top + tall })}
      ${picture.marked
        .filter((stretch) => isSeen(stretch, region))
        .map(({ axis, from, to }) =>
          axis === "rows"
            ? svg`<rect class="stands-out" x=${names - 4} y=${y(from)} width="4" height=${Math.max(3, y(to) - y(from))}></rect>`
            : svg`<rect class="stands-out" x=${x(from)} y=${top - 4} width=${Math.max(3, x(to) - x(from))} height="4"></rect>`,
        )}
      ${picture.ringed
        .filter(
          ({ row, column }) =>
            isSeen({ axis: "rows", from: row, to: row + 1 }, region) &&
            isSeen({ axis: "columns", from: column, to: column + 1 }, region),
        )
        .map(({ row, column }) => {
          const [cx, cy] = [(x(column) + x(column + 1)) / 2, (y(row) + y(row + 1)) / 2];
          return svg`<circle class="ring-below" cx=${cx} cy=${cy} r="6"></circle><circle class="ring" cx=${cx} cy=${cy} r="6"></circle>`;
        })}
      <rect
        class="stood-on"
        x=${names + at.column * cellWidth - 1}
        y=${top + at.row * cellHeight - 1}
        width=${cellWidth + 2}
        height=${cellHeight + 2}
      ></rect>
    </svg>
    <p class="readout" id="${id}-cell" aria-live="polite">${describe(at)}</p>
  </div>`;
}

type Place = (at: number) => number;

interface Frame {
  readonly x: Place;
  readonly y: Place;
  readonly right: number;
  readonly bottom: number;
}

const isSeen = ({ axis, from, to }: Pick<Stretch, "axis" | "from" | "to">, region: Region): boolean =>
  to > region[axis][0] && from < region[axis][1];

/** Lines where heads or parts begin, and their names where there is room. */
function rules({ ruled, region }: MatrixPicture, { x, y, right, bottom }: Frame) {
  let free = { rows: -Infinity, columns: -Infinity };
  return ruled
    .filter((stretch) => isSeen(stretch, region))
    .map(({ axis, from, to, label }) => {
      const along = axis === "rows" ? y : x;
      const [begin, end] = [Math.max(from, region[axis][0]), Math.min(to, region[axis][1])].map(along);
      const middle = ((begin ?? 0) + (end ?? 0)) / 2;
      const room = axis === "rows" ? 11 : 7 * label.length;
      const isWritten = middle - room / 2 >= free[axis];
      if (isWritten) free = { ...free, [axis]: middle + room / 2 + 2 };
      const isInside = from > region[axis][0];
      return axis === "rows"
        ? svg`${isInside ? svg`<line class="rule" x1=${names} x2=${right} y1=${begin} y2=${begin}></line>` : ""}
            ${isWritten ? svg`<text class="label" x=${names - 8} y=${middle} text-anchor="end">${label}</text>` : ""}`
        : svg`${isInside ? svg`<line class="rule" x1=${begin} x2=${begin} y1=${names / 2} y2=${bottom}></line>` : ""}
            ${isWritten ? svg`<text class="label" x=${middle} y=${names / 4} text-anchor="middle">${label}</text>` : ""}`;
    });
}

/** What rows come to at the right, what columns come to below: each on its own scale, from 0. */
function sumBars({ sums, shape, region }: MatrixPicture, { x, y, right, bottom }: Frame) {
  const bins = (values: readonly number[], size: number, axis: "rows" | "columns") => {
    const most = Math.max(0, ...values);
    return values.flatMap((sum, bin) => {
      const [from, to] = [Math.ceil((bin * size) / values.length), Math.ceil(((bin + 1) * size) / values.length)];
      const seen = { from: Math.max(from, region[axis][0]), to: Math.min(to, region[axis][1]) };
      return seen.from < seen.to && most > 0 ? [{ ...seen, length: (bars * sum) / most }] : [];
    });
  };
  return svg`${bins(sums.rows, shape[0], "rows").map(
    ({ from, to, length }) =>
      svg`<rect class="fill" x=${right} y=${y(from)} width=${length} height=${Math.max(0.5, y(to) - y(from))}></rect>`,
  )}
  ${bins(sums.columns, shape[1], "columns").map(
    ({ from, to, length }) =>
      svg`<rect class="fill" x=${x(from)} y=${bottom} width=${Math.max(0.5, x(to) - x(from))} height=${length}></rect>`,
  )}`;
}

/** Pictures that were made, by what they are of: each for one theme, the last that was asked for. */
const made = new WeakMap<Float64Array, { readonly theme: ThemeKind; readonly url: string }>();

/** The cells as a picture of a pixel each. */
function pixels({ cells: { rows, columns, positions }, theme }: MatrixPicture): string {
  const known = made.get(positions);
  if (known?.theme === theme) return known.url;
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [columns, rows];
  const context = canvas.getContext("2d");
  if (!context) return "";
  const data = context.createImageData(columns, rows);
  positions.forEach((position, i) => data.data.set([...colourOf(position, theme), 255], 4 * i));
  context.putImageData(data, 0, 0);
  const url = canvas.toDataURL("image/png");
  made.set(positions, { theme, url });
  return url;
}

/** The place of a cell among all, row by row. */
export function indexOf({ row, column }: Cell, { columns }: { readonly columns: number }): number {
  return row * columns + column;
}
