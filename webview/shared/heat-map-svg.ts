import { colourOf, css, textColourOn } from "./colour-scale";
import type { HeatMap } from "./heat-map";
import { heatMapLayout } from "./heat-map-layout";
import { escapeXml } from "./svg-file";

/** The same heat map as an SVG file, for export. */
export function heatMapSvg(map: HeatMap, foreground: string, background: string): string {
  const layout = heatMapLayout(map);
  const { left, top, cellWidth, rowHeight, width, height } = layout;
  const label = (x: number, y: number, anchor: string, text: string, fill: string) =>
    `<text x="${x}" y="${y}" text-anchor="${anchor}" dominant-baseline="central" fill="${fill}">${escapeXml(text)}</text>`;
  const parts = [
    ...map.columns.map((name, c) => label(left + (c + 0.5) * cellWidth, top / 2, "middle", name, foreground)),
    ...map.rows.map((name, r) => label(left - 6, top + (r + 0.5) * rowHeight, "end", name, foreground)),
  ];
  map.cells.forEach((row, r) => {
    row.forEach((cell, c) => {
      if (!cell) return;
      const x = left + c * cellWidth;
      const y = top + r * rowHeight;
      const colour = colourOf(cell.position, map.theme);
      parts.push(
        `<rect x="${x + 0.5}" y="${y + 0.5}" width="${cellWidth - 1}" height="${rowHeight - 1}" fill="${css(colour)}"><title>${escapeXml(cell.description)}</title></rect>`,
      );
      if (rowHeight >= 14 && cellWidth >= 36)
        parts.push(label(x + cellWidth / 2, y + rowHeight / 2, "middle", cell.text, textColourOn(colour)));
    });
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="sans-serif" font-size="11">`,
    `<rect width="100%" height="100%" fill="${background}"/>`,
    ...parts,
    "</svg>",
  ].join("\n");
}
