import type { TemplateResult } from "lit";
import { formatDensity } from "../../src/format/numbers";
import type { DataTable } from "../shared/data-table";
import { heatLegend } from "../shared/heat-legend";
import type { HeatMap } from "../shared/heat-cells";
import { heatMap } from "../shared/heat-map";
import { expertsIn, gridOf } from "../../src/format/matrix-grid";
import { shortNamesIn } from "../../src/format/matrix-names";
import { expertsChoice } from "../shared/expert-choice";
import { roomForNames } from "../shared/heat-map-layout";
import { groupCells, layerWalk } from "../shared/layer-cells";
import { type Explanation, section } from "../shared/section";
import type { Charts } from "./panel";
import { lossFinding, type LossyMatrix } from "../../src/format/pruning-findings";
import { html } from "../shared/template";

interface LossMap {
  readonly name: "losses" | "matrices";
  readonly title: string;
  /** What is lost: `of its Σ|w|`. */
  readonly what: string;
  readonly layers: readonly { readonly layer: number; readonly modules: readonly { readonly name: string }[] }[];
  /** The share that a matrix loses. */
  readonly lost: (layer: number, module: number) => number;
  /** How much there is of which a matrix loses that share. */
  readonly size: (layer: number, module: number) => number;
  readonly explanation: Explanation;
}

/** Layers down, matrices across: the share of something that each matrix loses, all experts' of one name as one or one of them. */
export function lossSection(charts: Charts, map: LossMap): TemplateResult {
  const { theme, width } = charts;
  const shown = lossHeatMap(charts, map, width);
  const high = formatDensity(highestOf(charts, map));
  return section(charts, {
    name: map.name,
    title: map.title,
    note: `% lost ${map.what}`,
    controls: expertsChoice({ expert: charts.view.expert, experts: expertsIn(map) }, (expert) =>
      charts.change({ expert }),
    ),
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
  const { name, title, what, layers } = map;
  const highest = highestOf(charts, map);
  const grid = gridOf({ layers }, charts.view.expert);
  const cells = groupCells(layers, grid, (_, { layer, row, modules, title }) => {
    const share = lostTogether(map, row, modules);
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
    labels: roomForNames(cells.rows, cells.columns, width),
    theme: charts.theme,
    ...layerWalk(charts, cells),
  };
}

function matricesOf({ layers, lost }: LossMap): LossyMatrix[] {
  const shortName = shortNamesIn(layers);
  return layers.flatMap(({ layer, modules }, row) =>
    modules.map(({ name }, module) => {
      const matrix = shortName(name);
      return { name: `layer ${layer} ${matrix}`, layer, matrix, lost: lost(row, module) };
    }),
  );
}

/** The share that several matrices of a layer lose together. */
function lostTogether({ lost, size }: LossMap, row: number, modules: readonly number[]): number {
  const total = modules.reduce((sum, module) => sum + size(row, module), 0);
  return total > 0 ? modules.reduce((sum, module) => sum + lost(row, module) * size(row, module), 0) / total : 0;
}

/** The most that any cell loses. */
function highestOf({ view }: Charts, map: LossMap): number {
  const { titles, modulesAt } = gridOf(map, view.expert);
  const cells = map.layers.flatMap((_, row) =>
    titles.map((__, column) => lostTogether(map, row, modulesAt({ row, column }))),
  );
  return Math.max(0, ...cells);
}

export function lossTable(map: LossMap): DataTable {
  return {
    caption: `${map.title}, ${map.what}`,
    columns: [{ title: "Layer" }, { title: "Matrix", text: true }, { title: "Lost" }],
    rows: matricesOf(map).map(({ layer, matrix, lost }) => [layer, matrix, lost]),
    format: [String, String, formatDensity],
  };
}
