import { nothing, type TemplateResult } from "lit";
import type { AnalysisDocument, TypicalDescription } from "../../src/engine/document/document";
import type { Activity } from "../../src/engine/document/threshold-index";
import { finding, textsFinding } from "../../src/format/finding";
import { formatRatio, type RatioOfPlace, ratiosFinding } from "../../src/format/typical-findings";
import { elementAt, zip } from "../../src/engine/numbers/elements";
import { formatCompact, formatCount, formatDensity, formatNumber, formatShare } from "../../src/format/numbers";
import { type BarChart, barChart } from "../shared/bar-chart";
import type { DataTable } from "../shared/data-table";
import { evenTicks, roundedUp } from "../shared/scales";
import { html } from "../shared/template";
import { shownMeasure, typicalOf } from "./beside-typical";
import { endsOf, ratioScale } from "../shared/ratio-scale";
import { explanations } from "./explanations";
import { meanOf } from "../../src/format/measures";
import { type Panel, twoColumns } from "./panel";
import { rowHeightOf } from "../shared/row-height";
import { section } from "../shared/section";

export const layersChart = "layers-chart";

/** Bars, one per layer: its density at the chosen threshold; `top`: where they begin, so that they stand beside other rows. */
export function layersSection(panel: Panel, width: number, top: number | undefined): TemplateResult {
  const { activity, view, document } = panel;
  const typical = shownMeasure(panel) === "typical" ? typicalOf(document) : undefined;
  const what = typical ? "their share beside typical texts" : "density";
  return section(panel, {
    name: "layers",
    title: "Layers",
    note: typical ? "beside typical texts" : "shallowest first",
    controls: densityToggle(panel),
    chart: () =>
      barChart({
        ...(typical ? ratioBars(panel, typical) : densityBars(panel)),
        id: layersChart,
        label: `Layers by ${what}. Up and down arrows walk them, Enter goes to the layer's matrices.`,
        width,
        top: panel.width < twoColumns ? 2 : top,
        rowHeight: rowHeightOf(activity.layers.length),
        focused: view.row,
        onFocus: (row) => panel.change({ row }),
        onOpen: () => panel.focus("matrices-map"),
      }),
    table: () => layersTable(panel),
    sentence: typical
      ? ratiosFinding(document, "layer", ratiosOfLayers(document, typical))
      : [finding(activity.layers), ofTexts(panel)].filter((sentence) => sentence !== undefined).join(" "),
    explanation: typical ? explanations.layersBesideTypical : explanations.layers,
  });
}

/** How the texts vary was measured at the threshold of the run alone. */
function ofTexts({ document: { layers, textDensities, threshold }, view }: Panel): string | undefined {
  const isOfRun = view.threshold === undefined && threshold.run === undefined;
  return isOfRun ? textsFinding(layers, textDensities ?? []) : undefined;
}

/** Density by itself is one click away from shares beside typical texts, and back. */
function densityToggle(panel: Panel): TemplateResult | typeof nothing {
  if (typicalOf(panel.document) === undefined) return nothing;
  const isDensity = shownMeasure(panel) !== "typical";
  return html`<vscode-toolbar-button
    toggleable
    label="Density of layers and matrices"
    title="How many of the weights are active, by itself; else what this text uses beside what texts usually do"
    .checked=${isDensity}
    @change=${() => panel.change({ measure: isDensity ? "typical" : "density" })}
    >Density</vscode-toolbar-button
  >`;
}

/** Bars from the usual, a ratio of 1, to less and to more. */
function ratioBars(
  { document, activity }: Panel,
  { ratios: { layer: ratios } }: TypicalDescription,
): Pick<BarChart, "bars" | "axis" | "diverges"> {
  const scale = ratioScale(ratios);
  const [low, high] = endsOf(scale);
  const bars = zip(activity.layers, document.layers).map(([active, described], i) => {
    const ratio = elementAt(ratios, i);
    return {
      label: String(active.layer),
      length: 2 * scale.position(ratio) - 1,
      text: formatRatio(ratio),
      description: `Layer ${active.layer}: ${formatRatio(ratio)} of its usual share of the activation; ${activeInWords(active, described)}`,
    };
  });
  const axis = [
    { at: 0, text: low },
    { at: 0.5, text: "usual" },
    { at: 1, text: high },
  ];
  return { bars, axis, diverges: true };
}

/**
 * Bars from 0. Their scale is that of the run's own threshold, so that they can be seen to grow and to shrink as it moves, and a larger round one
 * where they would be longer.
 */
function densityBars({ document, activity }: Panel): Pick<BarChart, "bars" | "axis"> {
  const densities = [...document.layers, ...activity.layers].map(({ density }) => density);
  const highest = densities.reduce((max, density) => Math.max(max, density), 0);
  const end = Math.min(1, highest > 0 ? roundedUp(highest, TICKS) : 1);
  const bars = zip(activity.layers, document.layers).map(([active, described]) => ({
    label: String(active.layer),
    length: active.density / end,
    text: formatDensity(active.density),
    description: `Layer ${active.layer}: ${activeInWords(active, described)}`,
  }));
  const axis = evenTicks(0, end, TICKS).map((value) => ({ at: value / end, text: formatShare(value) }));
  return { bars, axis };
}

const TICKS = 4;

function activeInWords(
  { active, parameters, density }: Activity["layers"][number],
  described: AnalysisDocument["layers"][number],
): string {
  return (
    `${formatDensity(density)}, ${formatCount(active)} of ${formatCompact(parameters)} weights; ` +
    `mean activation ${formatNumber(meanOf(described))}`
  );
}

/** Every layer's share as a ratio to the usual, by name. */
function ratiosOfLayers({ layers }: AnalysisDocument, { ratios }: TypicalDescription): RatioOfPlace[] {
  return zip(layers, ratios.layer).map(([{ layer }, ratio]) => ({ name: `layer ${layer}`, ratio }));
}

export function layersTable({ document, activity }: Panel): DataTable {
  const ratios = typicalOf(document)?.ratios.layer;
  return {
    caption: "Layers",
    columns: [
      "Layer",
      "Density",
      "Active",
      "Weights",
      "Mean",
      "Norm",
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
