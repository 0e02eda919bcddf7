import { nothing, type TemplateResult } from "lit";
import { formatDensity } from "../../src/format/numbers";
import { barChart } from "../shared/bar-chart";
import type { DataTable } from "../shared/data-table";
import { filledKey, legendKey } from "../shared/legend";
import { rowHeightOf } from "../shared/row-height";
import { section } from "../shared/section";
import { explanations } from "./explanations";
import type { Charts } from "./panel";
import { planFinding, type PlannedLayer } from "../../src/format/pruning-findings";
import { html, svg } from "../shared/template";

export const layersChart = "layers-chart";

/** Per layer what goes, as the figure beside it says, what stays, and the density that drives it. */
export function layersSection(charts: Charts, layers: readonly PlannedLayer[], opens: string): TemplateResult {
  const { view, change, focus, width } = charts;
  const highest = Math.max(0, ...layers.map(({ density }) => density ?? 0));
  return section(charts, {
    name: "layers",
    title: "Layers",
    note: "planned sparsity",
    chart: () =>
      html`${legend(highest)}
      ${barChart({
        id: layersChart,
        label: "Layers by what goes of them. Up and down arrows walk them, Enter goes to the matrices.",
        bars: layers.map((layer) => ({
          label: String(layer.layer),
          length: layer.sparsity,
          text: formatDensity(layer.sparsity),
          mark: layer.density === null || highest === 0 ? undefined : layer.density / highest,
          description: describe(layer),
        })),
        hasRest: true,
        top: 2,
        width,
        rowHeight: rowHeightOf(layers.length),
        focused: Math.min(view.layer, layers.length - 1),
        onFocus: (layer) => change({ layer }),
        onOpen: () => focus(opens),
      })}`,
    table: () => layersTable(layers),
    sentence: planFinding(layers),
    explanation: explanations.layers,
  });
}

function describe({ layer, sparsity, density }: PlannedLayer): string {
  const driven = density === null ? "" : `, density ${formatDensity(density)}`;
  return `Layer ${layer}: ${formatDensity(sparsity)} of its weights go${driven}`;
}

function legend(highest: number): TemplateResult {
  const stays = {
    width: 12,
    height: 10,
    swatch: svg`<rect class="rest" x="0.5" y="0.5" width="11" height="9"></rect>`,
  };
  const density = { width: 14, height: 10, swatch: svg`<path class="marks" d="M0 5L14 5"></path>` };
  return html`<p class="legend">
    ${filledKey("fill", "goes")}${legendKey({ ...stays, name: "stays" })}${
      highest > 0 ? legendKey({ ...density, name: `density, 0 to ${formatDensity(highest)}` }) : nothing
    }
  </p>`;
}

export function layersTable(layers: readonly PlannedLayer[]): DataTable {
  return {
    caption: "Planned sparsity by layer",
    columns: ["Layer", "Density", "Sparsity"].map((title) => ({ title })),
    rows: layers.map(({ layer, density, sparsity }) => [layer, density ?? "", sparsity]),
    format: [String, formatDensity, formatDensity],
  };
}
