import type { TemplateResult } from "lit";
import { bandsOf, shareIn } from "../../src/format/frequency";
import { layerWalk } from "../shared/layer-cells";
import { formatDensity } from "../../src/format/numbers";
import type { DataTable } from "../shared/data-table";
import { heatLegend } from "../shared/heat-legend";
import type { HeatMap } from "../shared/heat-cells";
import { heatMap } from "../shared/heat-map";
import { roomForLabels } from "../shared/heat-map-layout";
import { rowHeightOf } from "../shared/row-height";
import { section } from "../shared/section";
import { explanations } from "./explanations";
import type { Panel } from "./panel";
import { layersFinding } from "../../src/format/frequency-findings";
import { html } from "../shared/template";

/** The shares of each layer's weights that none, some and all of the samples have among the strongest. */
export function layersSection(panel: Panel): TemplateResult {
  const { document, theme, width } = panel;
  return section(panel, {
    name: "layers",
    title: "Layers",
    note: "% of the weights, by how many samples have them",
    chart: () =>
      html`<div class="wide">${heatMap(layersHeatMap(panel, width))}</div>
        ${heatLegend(
          { theme },
          { low: "0 %", high: "100 %", hatching: "Hatching: none is 0 %, solid 100 %", what: "share of the weights" },
        )}`,
    table: () => layersTable(panel),
    sentence: layersFinding(document),
    explanation: explanations.layers,
  });
}

/** The heat map of shares of weights: layers down, numbers of samples across. */
export function layersHeatMap(panel: Panel, width: number): HeatMap {
  const { document, theme } = panel;
  const { layers, samples } = document;
  const bands = bandsOf(samples);
  const rows = layers.map(({ layer }) => String(layer));
  const columns = bands.map(({ title }) => title);
  return {
    id: "layers",
    label: "Share of the weights by layer and number of samples. Arrow keys walk the cells.",
    rows,
    columns,
    cells: layers.map((layer) =>
      bands.map((band) => {
        const share = shareIn(layer, band);
        return {
          position: share,
          text: (100 * share).toFixed(1),
          describe: () =>
            `Layer ${layer.layer}: ${formatDensity(share)} of the weights in ${samplesInWords(band, samples)}`,
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

function samplesInWords({ from, to }: { readonly from: number; readonly to: number }, samples: number): string {
  if (to === 0) return "no sample";
  if (from === samples) return samples === 1 ? "the one sample" : `all ${samples} samples`;
  return from === to ? `${from} of ${samples} samples` : `${from} to ${to} of ${samples} samples`;
}

export function layersTable({ document: { layers, samples } }: Panel): DataTable {
  const bands = bandsOf(samples);
  return {
    caption: "Share of the weights by layer and number of samples",
    columns: [{ title: "Layer" }, ...bands.map(({ title }) => ({ title }))],
    rows: layers.map((layer) => [layer.layer, ...bands.map((band) => shareIn(layer, band))]),
    format: [String, ...bands.map(() => formatDensity)],
  };
}
