import { colourIn, css, textColourOn } from "./colour-scale";
import type { HeatMap } from "./heat-cells";
import { heatMapLayout } from "./heat-map-layout";
import { printedWidth } from "./print-font";
import { escapeXml, TO_BASELINE } from "./svg-file";

const [fontSize, smallest] = [11, 6];

/** A heat map as elements of an SVG file, labels in the colour that is given. */
export function heatMapElements(map: HeatMap, foreground: string): string {
  const layout = heatMapLayout(map);
  const { left, top, cellWidth, rowHeight, turned, labelEvery, columnEvery } = layout;
  const columnRoom = cellWidth * columnEvery - 3;
  const parts = [
    ...map.columns.map((name, c) => {
      if (c % columnEvery !== 0) return "";
      const x = left + (c + 0.5) * cellWidth;
      if (!turned) return label({ x, y: top / 2, anchor: "middle", text: name, fill: foreground, room: columnRoom });
      const upwards = label({ x: 0, y: 0, anchor: "start", text: name, fill: foreground, room: top - 6 });
      return `<g transform="translate(${x} ${top - 6}) rotate(-90)">${upwards}</g>`;
    }),
    ...map.rows.map((name, r) =>
      r % labelEvery === 0
        ? label({
            x: left - 6,
            y: top + (r + 0.5) * rowHeight,
            anchor: "end",
            text: name,
            fill: foreground,
            room: left - 6,
          })
        : "",
    ),
  ];
  map.cells.forEach((row, r) => {
    row.forEach((cell, c) => {
      if (!cell) return;
      const x = left + c * cellWidth;
      const y = top + r * rowHeight;
      const colour = colourIn(map, cell.position);
      parts.push(
        `<rect x="${x + 0.5}" y="${y + 0.5}" width="${cellWidth - 1}" height="${rowHeight - 1}" fill="${css(colour)}"><title>${escapeXml(cell.describe())}</title></rect>`,
      );
      if (rowHeight >= 14 && cellWidth >= 30)
        parts.push(
          label({
            x: x + cellWidth / 2,
            y: y + rowHeight / 2,
            anchor: "middle",
            text: cell.text,
            fill: textColourOn(colour),
            room: cellWidth - 3,
          }),
        );
    });
  });
  return parts.join("\n");
}

/** A text in the room that it has: smaller where it would be longer. */
function label({
  x,
  y,
  anchor,
  text,
  fill,
  room,
}: {
  readonly x: number;
  readonly y: number;
  readonly anchor: "start" | "middle" | "end";
  readonly text: string;
  readonly fill: string;
  readonly room: number;
}): string {
  const size = Math.min(fontSize, (fontSize * room) / Math.max(1, printedWidth(text, fontSize)));
  const small = size < fontSize ? ` font-size="${Math.max(smallest, size).toFixed(1)}"` : "";
  return `<text x="${x}" y="${y}" dy="${TO_BASELINE}" text-anchor="${anchor}"${small} fill="${fill}">${escapeXml(text)}</text>`;
}
