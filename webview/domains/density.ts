import type { TemplateResult } from "lit";
import { formatDensity } from "../../src/format/numbers";
import { layerWalk } from "../shared/layer-cells";
import { deepLayers, layerAxis } from "../shared/layer-axis";
import { elementAt, zip } from "../../src/engine/numbers/elements";
import type { DataTable } from "../shared/data-table";
import type { HeatMap } from "../shared/heat-cells";
import { heatMap } from "../shared/heat-map";
import { roomForLabels } from "../shared/heat-map-layout";
import { heatLegend } from "../shared/heat-legend";
import { lineChart } from "../shared/line-chart";
import { rowHeightOf } from "../shared/row-height";
import { section } from "../shared/section";
import { tokenLabel } from "../shared/token-label";
import { explanations } from "./explanations";
import type { Panel } from "./panel";
import { densityFinding } from "../../src/format/domains-findings";
import { html } from "../shared/template";

export const densityChart = "density-chart";
/** More lines would not be told apart: then the layers are a heat map. */
const MOST_LINES = 6;

/** Density per layer of each domain. */
export function densitySection(panel: Panel): TemplateResult {
  const { document, width } = panel;
  const { domains, density, deep } = document;
  if (density === null)
    return html`<section class="section density" aria-labelledby="density-title">
      <header><h2 id="density-title">Density</h2></header>
      <p class="note">The run had no memory for the density of each domain. With a larger memory budget it has.</p>
    </section>`;
  const highest = Math.max(...density.flat());
  const named = zip(domains, density).map(([{ name }, layers]) => ({ name, layers }));
  return section(panel, {
    name: "density",
    title: "Density",
    note: "of each domain, in %",
    chart: () =>
      isDrawnAsLines(panel)
        ? lineChart({
            id: densityChart,
            label: "Density of each domain by layer, in percent",
            lines: named.map(({ name, layers }) => ({ name, values: layers.map((share) => 100 * share) })),
            ...layerAxis(panel, document.significance.keys()),
            shaded: deepLayers(deep),
            low: 0,
            high: Math.max(1, Math.ceil(20 * highest) * 5),
            describe: (layer) =>
              `Layer ${layer}: ${named.map(({ name, layers }) => `${name} ${formatDensity(elementAt(layers, layer))}`).join(", ")}`,
          })
        : html`<div class="wide">${heatMap(densityHeatMap(panel, density, width))}</div>
            ${legend(panel, highest)}`,
    table: () => densityTable(panel),
    sentence: densityFinding(document, density),
    explanation: explanations.density,
  });
}

function legend({ theme }: Panel, highest: number): TemplateResult {
  const high = formatDensity(highest);
  return heatLegend({ theme }, { low: "0 %", high, hatching: `Hatching: none is 0 %, solid ${high}`, what: "density" });
}

/** Whether the densities are lines: a heat map has more domains. */
export function isDrawnAsLines({ document }: Panel): boolean {
  return document.domains.length <= MOST_LINES;
}

/** The heat map of densities: layers down, domains across. */
export function densityHeatMap(panel: Panel, density: readonly (readonly number[])[], width: number): HeatMap {
  const { document, theme } = panel;
  const { domains } = document;
  const rows = document.significance.map((_, layer) => String(layer));
  const columns = domains.map(({ name }) => tokenLabel(name, 18));
  const highest = Math.max(...density.flat());
  return {
    id: "density",
    label: "Density by layer and domain. Arrow keys walk the cells.",
    rows,
    columns,
    cells: rows.map((_, layer) =>
      zip(domains, density).map(([{ name }, layers]) => {
        const share = elementAt(layers, layer);
        return {
          position: highest > 0 ? share / highest : 0,
          text: (100 * share).toFixed(1),
          describe: () => `Layer ${layer}, ${name}: ${formatDensity(share)} active`,
        };
      }),
    ),
    width,
    rowHeight: rowHeightOf(rows.length),
    labels: roomForLabels(rows, columns, width),
    theme,
    ...layerWalk(panel, { rows, columns }),
  };
}

export function densityTable({ document }: Panel): DataTable {
  const density = document.density ?? [];
  return {
    caption: "Density by layer",
    columns: [{ title: "Layer" }, ...document.domains.map(({ name }) => ({ title: name }))],
    rows: document.significance.map((_, layer) => [layer, ...density.map((of) => elementAt(of, layer))]),
    format: [String, ...document.domains.map(() => formatDensity)],
  };
}
