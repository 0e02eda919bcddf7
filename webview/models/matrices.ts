import { html, type TemplateResult } from "lit";
import type { ModelsModule } from "../../src/engine/document/document";
import { zip } from "../../src/engine/numbers/elements";
import { matrixGrid } from "../../src/format/matrix-grid";
import { formatRelative, type MatrixMeasure, measureNames, usageInWords } from "../../src/format/models";
import { matricesSentence } from "../../src/format/models-findings";
import { formatNumber } from "../../src/format/numbers";
import { option, select } from "../shared/controls";
import type { DataTable } from "../shared/data-table";
import type { HeatMap } from "../shared/heat-cells";
import { heatLegend } from "../shared/heat-legend";
import { heatMap } from "../shared/heat-map";
import { layerWalk, matrixCells } from "../shared/layer-cells";
import { clamp } from "../shared/scales";
import { section } from "../shared/section";
import { explanations } from "./explanations";
import type { Panel } from "./panel";

/** The colours of a measure: where a matrix stands on them, what is written into its cell, and what the ends are. */
interface Colours {
  readonly diverges: boolean;
  readonly position: (module: ModelsModule) => number;
  readonly text: (module: ModelsModule) => string;
  readonly ends: readonly [low: string, high: string];
  readonly what: string;
}

/** The heat map: layers down, matrices across, by how much was changed, how much that counts, or how alike they activate. */
export function matricesSection(panel: Panel): TemplateResult {
  const { document, view, change, width } = panel;
  const { map, ends, what } = matricesHeatMap(panel, width);
  const [low, high] = ends;
  return section(panel, {
    name: "matrices",
    title: "Matrices",
    controls: select({
      label: "Measure of the heat map",
      value: view.measure,
      options: Object.entries(measureNames).map(([value, label]) => option(value, label)),
      onChange: (measure) => change({ measure: measure as MatrixMeasure }),
    }),
    chart: () =>
      html`${heatMap(map)}
      ${heatLegend(map, {
        low,
        high,
        what,
        hatching: map.diverges
          ? `Hatching leans left below, right above 1: solid is ${low}, ${high}`
          : `Hatching: none is ${low}, solid ${high}`,
      })}`,
    table: () => matricesTable(panel),
    sentence: matricesSentence(document, view.measure),
    explanation: explanations.matrices,
  });
}

/** The heat map by the chosen measure, and what its colours are. */
export function matricesHeatMap(
  panel: Panel,
  width: number,
): { readonly map: HeatMap } & Pick<Colours, "ends" | "what"> {
  const { document, view, theme } = panel;
  const modules = document.layers.flatMap((layer) => layer.modules);
  const { diverges, position, text, ends, what } = coloursOf(view.measure, modules);
  const cells = matrixCells(document.layers, matrixGrid(document), (module, { layer, title }) => ({
    position: clamp(position(module)),
    text: text(module),
    describe: () =>
      `Layer ${layer} ${title}: ‖ΔW‖/‖W‖ ${formatRelative(module.relative)}${usageInWords(module.usage)}; ` +
      `similarity ${formatNumber(module.similarity)}, overlap ${formatNumber(module.overlap)}`,
  }));
  const map: HeatMap = {
    id: "matrices",
    label: "Matrices by layer. Arrow keys walk the cells.",
    ...cells,
    width,
    theme,
    diverges,
    ...layerWalk(panel, cells),
  };
  return { map, ends, what };
}

function coloursOf(measure: MatrixMeasure, modules: readonly ModelsModule[]): Colours {
  switch (measure) {
    case "change": {
      const most = Math.max(...modules.map(({ relative }) => relative ?? 0));
      return {
        diverges: false,
        position: ({ relative }) => (most > 0 ? (relative ?? 0) / most : 0),
        text: ({ relative }) => short(relative),
        ends: ["0 equal", formatNumber(most)],
        what: "‖ΔW‖/‖W‖",
      };
    }
    case "usage": {
      const logs = modules.flatMap(({ usage }) => (usage === null || usage === 0 ? [] : [Math.abs(Math.log2(usage))]));
      const furthest = Math.max(0, ...logs);
      return {
        diverges: true,
        position: ({ usage }) => (usage === null || furthest === 0 ? 0.5 : 0.5 + Math.log2(usage) / furthest / 2),
        text: ({ usage }) => short(usage),
        ends: [`${formatNumber(2 ** -furthest)}×`, `${formatNumber(2 ** furthest)}×`],
        what: "times as much as weights in general, logarithmic",
      };
    }
    case "similarity": {
      const least = Math.min(1, ...modules.map(({ similarity }) => similarity));
      return {
        diverges: false,
        position: ({ similarity }) => (least < 1 ? (1 - similarity) / (1 - least) : 0),
        text: ({ similarity }) => similarity.toFixed(2),
        ends: ["1 alike", `${formatNumber(least)} least alike`],
        what: "similarity",
      };
    }
  }
}

/** As short as can be, for a cell. */
function short(value: number | null): string {
  return value === null ? "" : formatNumber(Number(value.toPrecision(2)));
}

export function matricesTable({ document }: Panel): DataTable {
  const grid = matrixGrid(document);
  const titles = new Map(zip(grid.names, grid.titles));
  const figures = ["relative", "effect", "usage", "similarity", "overlap", "a", "b"] as const;
  return {
    caption: "Matrices",
    columns: [
      { title: "Layer" },
      { title: "Matrix", text: true },
      ...["‖ΔW‖/‖W‖", "Effect", "Counts, times", "Similarity", "Overlap", "Sum of A", "Sum of B"].map((title) => ({
        title,
      })),
    ],
    rows: document.layers.flatMap(({ layer, modules }) =>
      modules.map((module) => [
        layer,
        titles.get(module.name) ?? module.name,
        ...figures.map((figure) => module[figure] ?? ""),
      ]),
    ),
    format: [String, String, ...figures.map(() => formatNumber)],
  };
}
