import { nothing, type TemplateResult } from "lit";
import { formatCompact, formatCount, formatDensity, formatNumber } from "../../src/format/numbers";
import { elementAt, zip } from "../../src/engine/numbers/elements";
import { logarithmicToggle, optionsOf, select } from "../shared/controls";
import type { DataTable } from "../shared/data-table";
import { heatLegend } from "../shared/heat-legend";
import type { HeatMap } from "../shared/heat-cells";
import { roomForNames } from "../shared/heat-map-layout";
import { heatMap } from "../shared/heat-map";
import { linearScale, logScale, type Scale } from "../shared/scales";
import { formatRatio, ratiosFinding, shortRatio } from "../../src/format/typical-findings";
import { matrixRatios, shownMeasure, typicalOf } from "./beside-typical";
import { endsOf, ratioScale } from "../shared/ratio-scale";
import { explanations } from "./explanations";
import { groupedGrid } from "../../src/format/matrix-grid";
import { shortNamesIn } from "../../src/format/matrix-names";
import {
  activeTogether,
  formatMeasure,
  meanOf,
  measured,
  measureNames,
  shortMeasure,
  together,
} from "../../src/format/measures";
import { matricesMap } from "./opened-matrix";
import type { Panel } from "./panel";
import { groupCells } from "../shared/layer-cells";
import { type Explanation, section } from "../shared/section";
import { hasExperts } from "../../src/format/experts";
import { matricesFinding } from "../../src/format/analysis-findings";
import { html } from "../shared/template";
import type { Shown } from "./view-state";

/** The heat map: layers down, matrices across, by the chosen measure. */
export function matricesSection(panel: Panel, width: number): TemplateResult {
  const { view, change } = panel;
  const { map, scale } = matricesHeatMap(panel, width);
  return section(panel, {
    name: "matrices",
    title: "Matrices",
    controls: html`${select({
      label: "Measure of the heat map",
      value: shownMeasure(panel),
      options: optionsOf({ ...(typicalOf(panel.document) && { typical: besideTypical }), ...measureNames }),
      onChange: (measure) => change({ measure: measure as Shown }),
    })}
    ${map.diverges ? nothing : logarithmicToggle(view.logarithmic, (logarithmic) => change({ logarithmic }))}`,
    chart: () =>
      html`<div id=${matricesMap} class="focus-target" tabindex="-1">${heatMap(map)}</div>
        ${legend(panel, map, scale)}`,
    table: () => matricesTable(panel),
    sentence: matricesSentence(panel),
    explanation: explanationOf(panel),
  });
}

/** What the heat map shows by default, in the list of measures. */
export const besideTypical = "Beside typical texts";

function explanationOf(panel: Panel): Explanation {
  if (hasExperts(panel.document)) return explanations.matricesOfExperts;
  return shownMeasure(panel) === "typical" ? explanations.matricesBesideTypical : explanations.matrices;
}

function matricesSentence(panel: Panel): string | undefined {
  const { document, activity } = panel;
  const measure = shownMeasure(panel);
  if (measure !== "typical") return matricesFinding(document, activity, measure);
  const shortName = shortNamesIn(document.layers);
  const all = document.layers.flatMap(({ layer, modules }) =>
    modules.map(({ name }) => `layer ${layer} ${shortName(name)}`),
  );
  const places = zip(all, document.typical?.ratios.matrix ?? []).map(([name, ratio]) => ({ name, ratio }));
  return ratiosFinding(document, "matrix", places);
}

/** The heat map of the matrices by the chosen measure, all experts' of one name as one, and the scale of its colours. */
export function matricesHeatMap(panel: Panel, width: number): { map: HeatMap; scale: Scale } {
  const { document, activity, view, change } = panel;
  const measure = shownMeasure(panel);
  const typical = typicalOf(document);
  const ratioAt = typical && matrixRatios(document, typical);
  const grid = groupedGrid(document);
  const layers = zip(document.layers, activity.layers).map(([{ layer, modules }, active]) => ({
    layer,
    modules: zip(modules, active.modules).map(([module, active]) => ({ module, active })),
  }));
  const shown = layers.map(({ modules }, row) =>
    grid.titles.map((_, column) => {
      const places = grid.modulesAt({ row, column });
      const own = places.map((module) => elementAt(modules, module));
      const figures = together(own.map(({ module }) => module));
      const active = activeTogether(own.map((each) => each.active));
      const ratio = places.length > 0 ? ratioAt?.(row, places) : undefined;
      return {
        figures,
        active,
        ratio,
        value: measure === "typical" ? (ratio ?? 1) : measured(measure, figures, active),
      };
    }),
  );
  const values = shown.flatMap((row) => row.filter(({ figures }) => figures.parameters > 0).map(({ value }) => value));
  const scale = (measure === "typical" ? ratioScale : view.logarithmic ? logScale : linearScale)(values);
  const map: HeatMap = {
    id: "matrices",
    label: "Matrices by layer. Arrow keys walk the cells, Enter opens a matrix.",
    ...groupCells(layers, grid, (_, { layer, row, column, title }) => {
      const { figures, active, ratio, value } = elementAt(elementAt(shown, row), column);
      const beside = ratio === undefined ? "" : `; ${formatRatio(ratio)} of its usual share of the activation`;
      return {
        position: scale.position(value),
        text: measure === "typical" ? shortRatio(value) : shortMeasure(measure, value),
        describe: () =>
          `Layer ${layer} ${title}: ${formatDensity(active.density)} active ` +
          `(${formatCount(active.active)} of ${formatCompact(figures.parameters)}), mean ${formatNumber(meanOf(figures))}, ` +
          `max ${formatNumber(figures.max)}${beside}`,
      };
    }),
    width,
    labels: labelsOfMatrices(document, width),
    theme: panel.theme,
    diverges: measure === "typical",
    focused: { row: view.row, column: Math.min(view.column, grid.titles.length - 1) },
    onFocus: ({ row, column }) => change({ row, column }),
    onOpen: ({ row, column }) => {
      change({ row, column, opened: true });
      panel.focus("matrix-title");
    },
  };
  return { map, scale };
}

/** The room that the names of the matrices take; undefined: the usual. */
export function labelsOfMatrices(document: Panel["document"], width: number): HeatMap["labels"] {
  const rows = document.layers.map(({ layer }) => String(layer));
  return roomForNames(rows, groupedGrid(document).titles, width);
}

function legend(panel: Panel, map: HeatMap, scale: Scale): TemplateResult {
  const measure = shownMeasure(panel);
  if (measure === "typical") {
    const [low, high] = endsOf(scale);
    return heatLegend(map, {
      low,
      high,
      hatching: `Hatching leans left where a matrix holds less than its usual share, right where more: solid is ${low}, ${high}`,
      what: "share of the activation beside typical texts",
    });
  }
  const written = (value: number) => (value === 0 ? "0" : formatMeasure(measure, value));
  const [low, high] = [written(scale.low), written(scale.high)];
  const name = measureNames[measure].toLowerCase() + (measure === "density" ? ", cells in %" : "");
  const spacing = panel.view.logarithmic ? "logarithmic" : "linear";
  return heatLegend(map, {
    low,
    high,
    hatching: `Hatching: none is ${low}, solid ${high}`,
    what: `${name}, ${spacing}`,
  });
}

export function matricesTable({ document, activity }: Panel): DataTable {
  const shortName = shortNamesIn(document.layers);
  const typical = typicalOf(document);
  const ratioAt = typical && matrixRatios(document, typical);
  return {
    caption: "Matrices",
    columns: [
      { title: "Layer" },
      { title: "Matrix", text: true },
      ...["Density", "Active", "Weights", "Mean", "Norm", "Maximum", ...(ratioAt ? ["Beside typical"] : [])].map(
        (title) => ({
          title,
        }),
      ),
    ],
    rows: zip(document.layers, activity.layers).flatMap(([{ layer, modules }, of], row) =>
      zip(modules, of.modules).map(([module, { active, density }], place) => {
        const { name, parameters, l2, max } = module;
        const beside = ratioAt ? [ratioAt(row, [place])] : [];
        return [layer, shortName(name), density, active, parameters, meanOf(module), l2, max, ...beside];
      }),
    ),
    format: [
      String,
      String,
      formatDensity,
      formatCount,
      formatCount,
      formatNumber,
      formatNumber,
      formatNumber,
      formatRatio,
    ],
  };
}
