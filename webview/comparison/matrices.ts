import { html, type TemplateResult } from "lit";
import { formatNumber } from "../../src/format/numbers";
import { elementAt } from "../../src/engine/numbers/elements";
import { option, select } from "../shared/controls";
import type { DataTable } from "../shared/data-table";
import { heatLegend } from "../shared/heat-legend";
import type { HeatMap } from "../shared/heat-cells";
import { heatMap } from "../shared/heat-map";
import { matrixGrid } from "../../src/format/matrix-grid";
import { matrixCells } from "../shared/layer-cells";
import { clamp } from "../shared/scales";
import { section } from "../shared/section";
import { explanations } from "./explanations";
import { balanceInWords, balanceOf, formatBalance, meanOf, type Measure } from "../../src/format/balance";
import { matricesMap, openMatrix } from "./opening";
import type { Panel } from "./panel";
import { matricesFinding } from "../../src/format/comparison-findings";

const measureNames: Record<Measure, string> = { similarity: "Similarity", balance: "Balance of A and B" };

/** What the two ends of the colours stand for. */
type Ends = readonly [low: string, high: string];

/** The heat map: layers down, matrices across, by how alike they are or which side activates them more. */
export function matricesSection(panel: Panel): TemplateResult {
  const { document, view, change, width } = panel;
  const { map, ends } = matricesHeatMap(panel, width);
  return section(panel, {
    name: "matrices",
    title: "Matrices",
    controls: select({
      label: "Measure of the heat map",
      value: view.measure,
      options: Object.entries(measureNames).map(([value, label]) => option(value, label)),
      onChange: (measure) => change({ measure: measure as Measure }),
    }),
    chart: () =>
      html`<div id=${matricesMap} class="focus-target" tabindex="-1">${heatMap(map)}</div>
        ${legend(map, ends)}`,
    table: () => matricesTable(panel),
    sentence: matricesFinding(document, view.measure),
    explanation: explanations.matrices,
  });
}

/** The heat map of the matrices by the chosen measure, and the ends of its colours. */
export function matricesHeatMap(panel: Panel, width: number): { map: HeatMap; ends: Ends } {
  const { document, view, theme, change } = panel;
  const grid = matrixGrid(document);
  const modules = document.layers.flatMap(({ modules }) => modules);
  const least = modules.reduce((min, { similarity }) => Math.min(min, similarity), 1);
  const balances = modules.map(balanceOf).filter(Number.isFinite);
  const furthest = balances.reduce((max, balance) => Math.max(max, Math.abs(balance)), 0);
  const diverges = view.measure === "balance";
  const map: HeatMap = {
    id: "matrices",
    label: "Matrices by layer. Arrow keys walk the cells, Enter opens a matrix.",
    ...matrixCells(document.layers, grid, (module, { layer, title }) => {
      const balance = balanceOf(module);
      const similarity = least < 1 ? (1 - module.similarity) / (1 - least) : 0;
      const position = furthest > 0 ? 0.5 + balance / furthest / 2 : 0.5;
      return {
        position: clamp(diverges ? position : similarity),
        text: diverges ? formatBalance(balance, furthest < 1 ? 2 : 1) : module.similarity.toFixed(2),
        describe: () =>
          `Layer ${layer} ${title}: similarity ${formatNumber(module.similarity)}, ` +
          `overlap ${formatNumber(module.overlap)}; mean activation A ${formatNumber(meanOf(module, "a"))}, ` +
          `B ${formatNumber(meanOf(module, "b"))}: ${balanceInWords(module)}`,
      };
    }),
    width,
    theme,
    diverges,
    focused: { row: view.row, column: Math.min(view.column, grid.names.length - 1) },
    onFocus: ({ row, column }) => change({ row, column }),
    onOpen: (cell) => openMatrix(panel, cell),
  };
  const ends: Ends = diverges
    ? [`${formatBalance(-furthest)} A`, `B ${formatBalance(furthest)}`]
    : ["1 alike", `${formatNumber(least)} least alike`];
  return { map, ends };
}

function legend(map: HeatMap, [low, high]: Ends): TemplateResult {
  const hatching = map.diverges
    ? `Hatching leans left where A, right where B is stronger: solid is ${low}, ${high}`
    : `Hatching: none is ${low}, solid ${high}`;
  return heatLegend(map, { low, high, hatching, what: map.diverges ? "log2 of mean activation B by A" : "similarity" });
}

export function matricesTable({ document }: Panel): DataTable {
  const { names, titles } = matrixGrid(document);
  return {
    caption: "Matrices",
    columns: [
      { title: "Layer" },
      { title: "Matrix", text: true },
      ...["Similarity", "Overlap", "Mean A", "Mean B", "log2 B/A"].map((title) => ({ title })),
    ],
    rows: document.layers.flatMap(({ layer, modules }) =>
      modules.map((module) => [
        layer,
        elementAt(titles, names.indexOf(module.name)),
        module.similarity,
        module.overlap,
        meanOf(module, "a"),
        meanOf(module, "b"),
        balanceOf(module),
      ]),
    ),
    format: [String, String, formatNumber, formatNumber, formatNumber, formatNumber, formatBalance],
  };
}
