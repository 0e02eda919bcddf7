import type { TemplateResult } from "lit";
import { finding, textsFinding } from "../../src/format/finding";
import { formatRatio } from "../../src/format/typical-findings";
import { zip } from "../../src/engine/numbers/elements";
import { formatCompact, formatCount, formatDensity, formatNumber } from "../../src/format/numbers";
import { type BarChart, barChart } from "../shared/bar-chart";
import type { DataTable } from "../shared/data-table";
import { explanations } from "./explanations";
import { meanOf } from "../../src/format/measures";
import { type Panel, twoColumns } from "./panel";
import { rowHeightOf } from "../shared/row-height";
import { section } from "../shared/section";

export const layersChart = "layers-chart";

/** Bars, one per layer: its density at the chosen threshold. */
export function layersSection(panel: Panel, width: number): TemplateResult {
  const { activity, view } = panel;
  return section(panel, {
    name: "layers",
    title: "Layers",
    note: "density, shallowest first",
    chart: () =>
      barChart({
        ...layerBars(panel),
        id: layersChart,
        label: "Layers by density. Up and down arrows walk them, Enter goes to the layer's matrices.",
        width,
        top: panel.width < twoColumns ? 2 : undefined,
        rowHeight: rowHeightOf(activity.layers.length),
        focused: view.row,
        onFocus: (row) => panel.change({ row }),
        onOpen: () => panel.focus("matrices-map"),
      }),
    table: () => layersTable(panel),
    sentence: [finding(activity.layers), ofTexts(panel)].filter((sentence) => sentence !== undefined).join(" "),
    explanation: explanations.layers,
  });
}

/** How the texts vary was measured at the threshold of the run alone. */
function ofTexts({ document: { layers, textDensities }, view }: Panel): string | undefined {
  return view.threshold === undefined ? textsFinding(layers, textDensities ?? []) : undefined;
}

function layerBars({ document, activity }: Panel): Pick<BarChart, "bars"> {
  const highest = activity.layers.reduce((max, { density }) => Math.max(max, density), 0);
  const bars = zip(activity.layers, document.layers).map(([{ layer, active, parameters, density }, described]) => ({
    label: String(layer),
    length: highest > 0 ? density / highest : 0,
    text: formatDensity(density),
    description:
      `Layer ${layer}: ${formatDensity(density)}, ${formatCount(active)} of ${formatCompact(parameters)} weights; ` +
      `mean activation ${formatNumber(meanOf(described))}`,
  }));
  return { bars };
}

export function layersTable({ document, activity }: Panel): DataTable {
  const ratios = document.typical?.ratios.layer;
  return {
    caption: "Layers",
    columns: [
      "Layer",
      "Density",
      "Active",
      "Weights",
      "Mean",
      "L2",
      "Maximum",
      ...(ratios ? ["Beside typical"] : []),
    ].map((title) => ({ title })),
    rows: zip(activity.layers, document.layers).map(([{ layer, active, parameters, density }, described], i) => [
      layer,
      density,
      active,
      parameters,
      meanOf(described),
      described.l2,
      described.max,
      ...(ratios?.slice(i, i + 1) ?? []),
    ]),
    format: [String, formatDensity, formatCount, formatCount, formatNumber, formatNumber, formatNumber, formatRatio],
  };
}
