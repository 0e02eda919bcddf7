import { html, type TemplateResult } from "lit";
import { formatDensity } from "../../src/format/numbers";
import { elementAt } from "../../src/engine/numbers/elements";
import type { DataTable } from "../shared/data-table";
import { heatLegend } from "../shared/heat-legend";
import type { HeatMap } from "../shared/heat-cells";
import { heatMap } from "../shared/heat-map";
import { matrixGrid } from "../../src/format/matrix-grid";
import { layerWalk, matrixCells } from "../shared/layer-cells";
import { type Explanation, section } from "../shared/section";
import type { Charts } from "./panel";
import { lossFinding, type LossyMatrix } from "../../src/format/pruning-findings";

interface LossMap {
  readonly name: "losses" | "matrices";
  readonly title: string;
  /** What is lost: `of its Σ|w|`. */
  readonly what: string;
  readonly layers: readonly { readonly layer: number; readonly modules: readonly { readonly name: string }[] }[];
  /** The share that a matrix loses. */
  readonly lost: (layer: number, module: number) => number;
  readonly explanation: Explanation;
}

/** Layers down, matrices across: the share of something that each matrix loses. */
export function lossSection(charts: Charts, map: LossMap): TemplateResult {
  const { theme, width } = charts;
  const shown = lossHeatMap(charts, map, width);
  const high = formatDensity(highestOf(map));
  return section(charts, {
    name: map.name,
    title: map.title,
    note: `% lost ${map.what}`,
    chart: () =>
      html`<div class="wide">${heatMap(shown)}</div>
        ${heatLegend(
          { theme },
          { low: "0 %", high, hatching: `Hatching: none is 0 %, solid ${high}`, what: `lost ${map.what}` },
        )}`,
    table: () => lossTable(map),
    sentence: lossFinding(matricesOf(map), map.what),
    explanation: map.explanation,
  });
}

/** The heat map of what is lost: layers down, matrices across. */
export function lossHeatMap(charts: Charts, map: LossMap, width: number): HeatMap {
  const { name, title, what, layers, lost } = map;
  const highest = highestOf(map);
  const cells = matrixCells(layers, matrixGrid({ layers }), (_, { layer, row, module, title }) => {
    const share = lost(row, module);
    return {
      position: highest > 0 ? share / highest : 0,
      text: (100 * share).toFixed(1),
      describe: () => `Layer ${layer} ${title}: ${formatDensity(share)} ${what}`,
    };
  });
  return {
    id: name,
    label: `${title} by layer, ${what}. Arrow keys walk the cells.`,
    ...cells,
    width,
    theme: charts.theme,
    ...layerWalk(charts, cells),
  };
}

function matricesOf({ layers, lost }: LossMap): LossyMatrix[] {
  const { names, titles } = matrixGrid({ layers });
  return layers.flatMap(({ layer, modules }, row) =>
    modules.map(({ name }, module) => {
      const matrix = elementAt(titles, names.indexOf(name));
      return { name: `layer ${layer} ${matrix}`, layer, matrix, lost: lost(row, module) };
    }),
  );
}

function highestOf(map: LossMap): number {
  return Math.max(0, ...matricesOf(map).map(({ lost }) => lost));
}

export function lossTable(map: LossMap): DataTable {
  return {
    caption: `${map.title}, ${map.what}`,
    columns: [{ title: "Layer" }, { title: "Matrix", text: true }, { title: "Lost" }],
    rows: matricesOf(map).map(({ layer, matrix, lost }) => [layer, matrix, lost]),
    format: [String, String, formatDensity],
  };
}
