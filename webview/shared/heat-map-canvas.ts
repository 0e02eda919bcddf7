import { colourIn, css, textColourOn } from "./colour-scale";
import { elementAt } from "../../src/engine/numbers/elements";
import type { HeatCell, HeatMap } from "./heat-cells";
import type { HeatMapLayout } from "./heat-map-layout";
import { isHighContrast, themeColour } from "./theme";
import { inLine } from "../../src/format/readable";

const drawn = new WeakMap<HTMLCanvasElement, HeatMap>();

/** What was last drawn there. */
export function drawnMap(canvas: HTMLCanvasElement): HeatMap | undefined {
  return drawn.get(canvas);
}

/** Draws the cells, their labels and the frame of the focused one. */
export function drawHeatMap(canvas: HTMLCanvasElement, map: HeatMap, layout: HeatMapLayout): void {
  drawn.set(canvas, map);
  const ratio = window.devicePixelRatio || 1;
  const width = Math.round(layout.width * ratio);
  const height = Math.round(layout.height * ratio);
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
    canvas.style.setProperty("width", `${layout.width}px`);
    canvas.style.setProperty("height", `${layout.height}px`);
  }
  const context = canvas.getContext("2d");
  if (!context) return;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, layout.width, layout.height);
  const body = getComputedStyle(document.body);
  context.font = `11px ${body.fontFamily}`;
  context.textBaseline = "middle";
  drawLabels(context, map, layout, themeColour("--vscode-descriptionForeground", body.color));
  const paint = isHighContrast(map.theme)
    ? hatchedPainter(context, map, body.color, themeColour("--vscode-editor-background", "#000"))
    : colouredPainter(context, map);
  map.cells.forEach((row, r) => {
    row.forEach((cell, c) => {
      if (cell) paint(cell, layout.left + c * layout.cellWidth, layout.top + r * layout.rowHeight, layout);
    });
  });
  drawFocus(context, map, layout, body.color);
}

type Painter = (cell: HeatCell, x: number, y: number, layout: HeatMapLayout) => void;

function drawLabels(
  context: CanvasRenderingContext2D,
  { rows, columns, focused }: HeatMap,
  { left, top, cellWidth, rowHeight, labelEvery, columnEvery, turned }: HeatMapLayout,
  colour: string,
): void {
  context.fillStyle = colour;
  context.textAlign = turned ? "left" : "center";
  columns.forEach((name, c) => {
    if (c % columnEvery !== 0) return;
    context.save();
    context.translate(left + (c + 0.5) * cellWidth, turned ? top - 6 : top / 2);
    if (turned) context.rotate(-Math.PI / 2);
    context.fillText(inLine(name), 0, 0, turned ? top - 8 : columnEvery * cellWidth - 2);
    context.restore();
  });
  context.textAlign = "right";
  rows.forEach((name, r) => {
    const isNear = Math.abs(r - focused.row) < labelEvery && r !== focused.row;
    if (r === focused.row || (r % labelEvery === 0 && !isNear))
      context.fillText(inLine(name), left - 6, top + (r + 0.5) * rowHeight);
  });
}

function hasRoom(context: CanvasRenderingContext2D, text: string, { cellWidth, rowHeight }: HeatMapLayout): boolean {
  return rowHeight >= 14 && context.measureText(text).width <= cellWidth - 6;
}

function colouredPainter(context: CanvasRenderingContext2D, map: HeatMap): Painter {
  return ({ position, text }, x, y, layout) => {
    const colour = colourIn(map, position);
    context.fillStyle = css(colour);
    context.fillRect(x + 0.5, y + 0.5, layout.cellWidth - 1, layout.rowHeight - 1);
    if (!hasRoom(context, text, layout)) return;
    context.fillStyle = textColourOn(colour);
    context.textAlign = "center";
    context.fillText(text, x + layout.cellWidth / 2, y + layout.rowHeight / 2 + 0.5);
  };
}

/** High contrast: five densities of hatching, from none to solid, and a border; below a middle the lines lean the other way. */
function hatchedPainter(
  context: CanvasRenderingContext2D,
  { diverges }: HeatMap,
  foreground: string,
  background: string,
): Painter {
  const spacing = [0, 9, 6, 4, 1];
  return ({ position, text }, x, y, layout) => {
    const width = layout.cellWidth - 2;
    const height = layout.rowHeight - 2;
    const level = Math.min(4, Math.floor(5 * (diverges ? Math.abs(2 * position - 1) : position)));
    const [start, end] = diverges && position < 0.5 ? [height + 2, 0] : [0, height + 2];
    context.save();
    context.beginPath();
    context.rect(x + 1, y + 1, width, height);
    context.clip();
    context.strokeStyle = foreground;
    context.fillStyle = foreground;
    context.lineWidth = 1;
    if (level === 4) context.fillRect(x + 1, y + 1, width, height);
    else if (level > 0) {
      context.beginPath();
      for (let offset = -height; offset < width; offset += elementAt(spacing, level)) {
        context.moveTo(x + offset + start, y + height + 2);
        context.lineTo(x + offset + end, y);
      }
      context.stroke();
    }
    context.restore();
    context.strokeStyle = foreground;
    context.lineWidth = 1;
    context.strokeRect(x + 1, y + 1, width, height);
    if (!hasRoom(context, text, layout)) return;
    const chip = context.measureText(text).width + 6;
    context.textAlign = "center";
    if (level > 0) {
      context.fillStyle = background;
      context.fillRect(x + layout.cellWidth / 2 - chip / 2, y + 2, chip, layout.rowHeight - 4);
    }
    context.fillStyle = foreground;
    context.fillText(text, x + layout.cellWidth / 2, y + layout.rowHeight / 2 + 0.5);
  };
}

/** Two lines, of the text's colour and of the background's, so that it stands out on every colour. */
function drawFocus(
  context: CanvasRenderingContext2D,
  { focused }: HeatMap,
  { left, top, cellWidth, rowHeight }: HeatMapLayout,
  foreground: string,
): void {
  const x = left + focused.column * cellWidth;
  const y = top + focused.row * rowHeight;
  context.lineWidth = 2;
  context.strokeStyle = themeColour("--vscode-editor-background", "#888");
  context.strokeRect(x + 2, y + 2, cellWidth - 4, rowHeight - 4);
  context.strokeStyle = themeColour("--vscode-focusBorder", foreground);
  context.strokeRect(x, y, cellWidth, rowHeight);
}
