import { colourIn, css, textColourOn } from "./colour-scale";
import type { HeatMap } from "./heat-cells";
import { heatMapLayout } from "./heat-map-layout";
import { escapeXml, type Paper, svgPage } from "./svg-file";

/** A heat map as an SVG file, for export. */
export function heatMapSvg(map: HeatMap, paper: Paper): string {
  const layout = heatMapLayout(map);
  const { left, top, cellWidth, rowHeight, width, height, turned } = layout;
  const label = (x: number, y: number, anchor: string, text: string, fill: string) =>
    `<text x="${x}" y="${y}" text-anchor="${anchor}" dominant-baseline="central" fill="${fill}">${escapeXml(text)}</text>`;
  const parts = [
    ...map.columns.map((name, c) => {
      const x = left + (c + 0.5) * cellWidth;
      if (!turned) return label(x, top / 2, "middle", name, paper.foreground);
      return `<g transform="translate(${x} ${top - 6}) rotate(-90)">${label(0, 0, "start", name, paper.foreground)}</g>`;
    }),
    ...map.rows.map((name, r) => label(left - 6, top + (r + 0.5) * rowHeight, "end", name, paper.foreground)),
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
      if (rowHeight >= 14 && cellWidth >= 36)
        parts.push(label(x + cellWidth / 2, y + rowHeight / 2, "middle", cell.text, textColourOn(colour)));
    });
  });
  return svgPage(parts.join("\n"), width, height, paper);
}
