import { html, nothing, type TemplateResult } from "lit";
import { elementAt, zip } from "../../src/engine/numbers/elements";
import { expertsFinding, expertsOf, hasExperts, type ExpertFigures } from "../../src/format/experts";
import { formatCompact, formatCount, formatDensity, formatNumber } from "../../src/format/numbers";
import { option, select } from "../shared/controls";
import type { DataTable } from "../shared/data-table";
import type { HeatCell, HeatMap } from "../shared/heat-cells";
import { heatLegend } from "../shared/heat-legend";
import { heatMap } from "../shared/heat-map";
import { rowHeightOf } from "../shared/row-height";
import { linearScale, type Scale } from "../shared/scales";
import { section } from "../shared/section";
import { explanations } from "./explanations";
import type { Panel } from "./panel";
import type { ExpertMeasure } from "./view-state";

/** What a heat map of experts can show, and how it is written. */
const measures: Readonly<
  Record<
    ExpertMeasure,
    {
      readonly name: string;
      readonly of: (expert: ExpertFigures) => number;
      readonly format: (value: number) => string;
    }
  >
> = {
  tokens: { name: "Share of tokens", of: ({ share }) => share, format: formatDensity },
  sum: { name: "Activation", of: ({ sum }) => sum, format: formatNumber },
  density: { name: "Density", of: ({ density }) => density, format: formatDensity },
};

/** The heat map: layers down, experts across; nothing of a model without experts. */
export function expertsSection(panel: Panel): TemplateResult | typeof nothing {
  const { document, view, change } = panel;
  if (!hasExperts(document)) return nothing;
  const { map, scale } = expertsHeatMap(panel, panel.width);
  const { name, format } = measures[measureOf(panel)];
  const written = (value: number): string => (value === 0 ? "0" : format(value));
  const [low, high] = [written(scale.low), written(scale.high)];
  return section(panel, {
    name: "experts",
    title: "Experts",
    controls: select({
      label: "Measure of the heat map of experts",
      value: view.experts ?? "tokens",
      options: Object.entries(measures).map(([value, measure]) => option(value, measure.name)),
      onChange: (experts) => change({ experts: experts as ExpertMeasure }),
    }),
    chart: () =>
      html`${heatMap(map)}
      ${heatLegend(panel, { low, high, hatching: `Hatching: none is ${low}, solid ${high}`, what: name.toLowerCase() })}`,
    table: () => expertsTable(panel),
    sentence: expertsFinding(document) ?? "",
    explanation: explanations.experts,
  });
}

const measureOf = ({ view }: Panel): ExpertMeasure => view.experts ?? "tokens";

/** The experts of all layers, what is active at the threshold that is chosen. */
function layersOf({ document, activity }: Panel): { readonly layer: number; readonly experts: ExpertFigures[] }[] {
  return zip(document.layers, activity.layers).map(([layer, { modules }]) => ({
    layer: layer.layer,
    experts: expertsOf(layer, (_, index) => elementAt(modules, index).active),
  }));
}

/** The heat map of the experts by the chosen measure, and the scale of its colours. */
export function expertsHeatMap(panel: Panel, width: number): { map: HeatMap; scale: Scale } {
  const { view, change } = panel;
  const { of, format } = measures[measureOf(panel)];
  const layers = layersOf(panel);
  const count = Math.max(...layers.map(({ experts }) => experts.length));
  const scale = linearScale(layers.flatMap(({ experts }) => experts.map(of)));
  const cellOf = (layer: number, expert: ExpertFigures): HeatCell => ({
    position: scale.position(of(expert)),
    text: format(of(expert)),
    describe: () =>
      `Layer ${layer} expert ${expert.expert}: ${formatDensity(expert.share)} of the tokens (${formatCount(expert.tokens)}), ` +
      `activation ${formatNumber(expert.sum)}, ${formatDensity(expert.density)} of its ${formatCompact(expert.parameters)} weights active`,
  });
  const stand = ({ row, column }: { readonly row: number; readonly column: number }): void => {
    change({ row, expert: column });
  };
  const map: HeatMap = {
    id: "experts",
    label: "Experts by layer. Arrow keys walk the cells.",
    rows: layers.map(({ layer }) => String(layer)),
    columns: Array.from({ length: count }, (_, expert) => String(expert)),
    cells: layers.map(({ layer, experts }) =>
      Array.from({ length: count }, (_, i) => {
        const expert = experts[i];
        return expert && cellOf(layer, expert);
      }),
    ),
    rowHeight: rowHeightOf(layers.length),
    width,
    theme: panel.theme,
    focused: { row: view.row, column: Math.min(view.expert ?? 0, count - 1) },
    onFocus: stand,
    onOpen: stand,
  };
  return { map, scale };
}

export function expertsTable(panel: Panel): DataTable {
  return {
    caption: "Experts",
    columns: ["Layer", "Expert", "Tokens", "Share of tokens", "Activation", "Mean", "Density", "Active", "Weights"].map(
      (title) => ({ title }),
    ),
    rows: layersOf(panel).flatMap(({ layer, experts }) =>
      experts.map(({ expert, tokens, share, sum, mean, density, active, parameters }) => [
        layer,
        expert,
        tokens,
        share,
        sum,
        mean,
        density,
        active,
        parameters,
      ]),
    ),
    format: [
      String,
      String,
      formatCount,
      formatDensity,
      formatNumber,
      formatNumber,
      formatDensity,
      formatCount,
      formatCount,
    ],
  };
}
