import { colourIn, css, textColourOn } from "./colour-scale";
import type { HeatMap } from "./heat-cells";
import type { NamedHeatMap } from "./paired-heat-maps";
import { heatMapLayout } from "./heat-map-layout";
import { escapeXml, type Paper, svgPage } from "./svg-file";

/** A heat map as an SVG file, for export. */
export function heatMapSvg(map: HeatMap, paper: Paper): string {
  return heatMapsSvg([{ name: "", map }], paper);
}

/** Heat maps one below the other, each under its name, as one SVG file. */
export function heatMapsSvg(maps: readonly NamedHeatMap[], paper: Paper): string {
  let bottom = 0;
  let right = 0;
  const parts = maps.flatMap(({ name, map }) => {
    const { width, height } = heatMapLayout(map);
    const top = bottom + (name === "" ? 0 : nameHeight);
    const title = `<text x="0" y="${bottom + 9}" font-weight="600" fill="${paper.foreground}">${escapeXml(name)}</text>`;
    bottom = top + height + (maps.length > 1 ? between : 0);
    right = Math.max(right, width);
    return [...(name === "" ? [] : [title]), `<g transform="translate(0 ${top})">`, ...partsOf(map, paper), "</g>"];
  });
  return svgPage(parts.join("\n"), right, bottom, paper);
}

const [nameHeight, between] = [18, 16];

function partsOf(map: HeatMap, paper: Paper): string[] {
  const layout = heatMapLayout(map);
  const { left, top, cellWidth, rowHeight, turned, columnEvery } = layout;
  const label = (x: number, y: number, anchor: string, text: string, fill: string) =>
    `<text x="${x}" y="${y}" text-anchor="${anchor}" dominant-baseline="central" fill="${fill}">${escapeXml(text)}</text>`;
  const parts = [
    ...map.columns.map((name, c) => {
      if (c % columnEvery !== 0) return "";
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
  return parts;
}
