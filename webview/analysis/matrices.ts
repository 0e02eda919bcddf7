import { html, type TemplateResult } from "lit";
import { formatCompact, formatCount, formatDensity, formatNumber } from "../../src/format/numbers";
import { zip } from "../../src/engine/numbers/elements";
import { option, select } from "../shared/controls";
import type { DataTable } from "../shared/data-table";
import { heatLegend } from "../shared/heat-legend";
import type { HeatMap } from "../shared/heat-cells";
import { heatMap } from "../shared/heat-map";
import { linearScale, logScale, type Scale } from "../shared/scales";
import { explanations } from "./explanations";
import { matrixGrid } from "../../src/format/matrix-grid";
import { formatMeasure, meanOf, type Measure, measured, measureNames, shortMeasure } from "../../src/format/measures";
import { matricesMap } from "./opened-matrix";
import type { Panel } from "./panel";
import { matrixCells } from "../shared/layer-cells";
import { section } from "../shared/section";
import { matricesFinding } from "../../src/format/analysis-findings";

/** The heat map: layers down, matrices across, by the chosen measure. */
export function matricesSection(panel: Panel, width: number): TemplateResult {
  const { view, change } = panel;
  const { map, scale } = matricesHeatMap(panel, width);
  return section(panel, {
    name: "matrices",
    title: "Matrices",
    controls: html`${select({
      label: "Measure of the heat map",
      value: view.measure,
      options: Object.entries(measureNames).map(([value, label]) => option(value, label)),
      onChange: (measure) => change({ measure: measure as Measure }),
    })}
      <vscode-toolbar-button
        toggleable
        label="Logarithmic colours"
        title="Colours by the logarithm of the values"
        .checked=${view.logarithmic}
        @change=${() => change({ logarithmic: !view.logarithmic })}
        >Log</vscode-toolbar-button
      >`,
    chart: () =>
      html`<div id=${matricesMap} class="focus-target" tabindex="-1">${heatMap(map)}</div>
        ${legend(panel, scale)}`,
    table: () => matricesTable(panel),
    sentence: matricesFinding(panel.document, panel.activity, view.measure),
    explanation: explanations.matrices,
  });
}

/** The heat map of the matrices by the chosen measure, and the scale of its colours. */
export function matricesHeatMap(panel: Panel, width: number): { map: HeatMap; scale: Scale } {
  const { document, activity, view, change } = panel;
  const grid = matrixGrid(document);
  const layers = zip(document.layers, activity.layers).map(([{ layer, modules }, active]) => ({
    layer,
    modules: zip(modules, active.modules).map(([module, active]) => ({
      module,
      active,
      value: measured(view.measure, module, active),
    })),
  }));
  const scale = (view.logarithmic ? logScale : linearScale)(
    layers.flatMap(({ modules }) => modules.map(({ value }) => value)),
  );
  const map: HeatMap = {
    id: "matrices",
    label: "Matrices by layer. Arrow keys walk the cells, Enter opens a matrix.",
    ...matrixCells(layers, grid, ({ module, active: { active, density }, value }, { layer, title }) => ({
      position: scale.position(value),
      text: shortMeasure(view.measure, value),
      describe: () =>
        `Layer ${layer} ${title}: ${formatDensity(density)} active ` +
        `(${formatCount(active)} of ${formatCompact(module.parameters)}), mean ${formatNumber(meanOf(module))}, ` +
        `L2 ${formatNumber(module.l2)}, max ${formatNumber(module.max)}`,
    })),
    width,
    theme: panel.theme,
    focused: { row: view.row, column: Math.min(view.column, grid.names.length - 1) },
    onFocus: ({ row, column }) => change({ row, column }),
    onOpen: ({ row, column }) => {
      change({ row, column, opened: true });
      panel.focus("matrix-title");
    },
  };
  return { map, scale };
}

function legend({ view, theme }: Panel, scale: Scale): TemplateResult {
  const written = (value: number) => (value === 0 ? "0" : formatMeasure(view.measure, value));
  const [low, high] = [written(scale.low), written(scale.high)];
  const measure = measureNames[view.measure].toLowerCase() + (view.measure === "density" ? ", cells in %" : "");
  const spacing = view.logarithmic ? "logarithmic" : "linear";
  return heatLegend(
    { theme },
    { low, high, hatching: `Hatching: none is ${low}, solid ${high}`, what: `${measure}, ${spacing}` },
  );
}

export function matricesTable({ document, activity }: Panel): DataTable {
  const grid = matrixGrid(document);
  const short = new Map(zip(grid.names, grid.titles));
  return {
    caption: "Matrices",
    columns: [
      { title: "Layer" },
      { title: "Matrix", text: true },
      ...["Density", "Active", "Weights", "Mean", "L2", "Maximum"].map((title) => ({ title })),
    ],
    rows: zip(document.layers, activity.layers).flatMap(([{ layer, modules }, of]) =>
      zip(modules, of.modules).map(([module, { active, density }]) => {
        const { name, parameters, l2, max } = module;
        return [layer, short.get(name) ?? name, density, active, parameters, meanOf(module), l2, max];
      }),
    ),
    format: [String, String, formatDensity, formatCount, formatCount, formatNumber, formatNumber, formatNumber],
  };
}
