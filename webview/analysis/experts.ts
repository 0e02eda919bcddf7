import { nothing, type TemplateResult } from "lit";
import { elementAt, zip } from "../../src/engine/numbers/elements";
import { expertsFinding, expertsOf, hasExperts, passedLayers, type ExpertFigures } from "../../src/format/experts";
import { formatCompact, formatCount, formatDensity, formatNumber } from "../../src/format/numbers";
import type { DataTable } from "../shared/data-table";
import type { HeatCell, HeatMap } from "../shared/heat-cells";
import { expertsSectionOf } from "../shared/experts-section";
import { expertsMap, type LayerOfExperts } from "../shared/experts-map";
import { linearScale, type Scale } from "../shared/scales";
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
  const { document, change } = panel;
  if (!hasExperts(document)) return nothing;
  const { map, scale, isBeyond } = expertsHeatMap(panel, panel.width);
  const { name, format } = measures[measureOf(panel)];
  const what = `${name.toLowerCase()}${isBeyond ? "; what is beyond has the strongest colours" : ""}`;
  const written = (value: number): string => (value === 0 ? "0" : format(value));
  return expertsSectionOf(panel, {
    measure: measureOf(panel),
    names: { tokens: measures.tokens.name, sum: measures.sum.name, density: measures.density.name },
    onMeasure: (experts) => change({ experts }),
    map,
    legend: { low: written(scale.low), high: written(scale.high), what },
    table: () => expertsTable(panel),
    sentence: expertsFinding(document) ?? "",
    explanation: explanations.experts,
  });
}

/** What the heat map of experts shows. */
export function expertMeasureName(panel: Panel): string {
  return measures[measureOf(panel)].name;
}

const measureOf = ({ view }: Panel): ExpertMeasure => view.experts ?? "tokens";

/** The experts of the layers that have some, what is active at the threshold that is chosen. */
function layersOf({ document, activity }: Panel): LayerOfExperts<ExpertFigures>[] {
  return zip(document.layers, activity.layers).flatMap(([layer, { modules }], row) => {
    const experts = expertsOf(layer, (_, index) => elementAt(modules, index).active);
    return experts.length > 0 ? [{ layer: layer.layer, row, experts }] : [];
  });
}

/** The heat map of the experts by the chosen measure, and the scale of its colours. */
export function expertsHeatMap(
  panel: Panel,
  width: number,
): { readonly map: HeatMap; readonly scale: Scale; readonly isBeyond: boolean } {
  const { view, change, theme } = panel;
  const { of, format } = measures[measureOf(panel)];
  const layers = layersOf(panel);
  // a layer that one position passes gives all of it or nothing to an expert: beside it nothing else would be seen
  const { passed } = passedLayers(panel.document.layers);
  const isScaled = new Set(passed.map(({ layer }) => layer));
  const scale = linearScale(
    layers.filter(({ layer }) => isScaled.has(layer)).flatMap(({ experts }) => experts.map(of)),
  );
  const cellOf = (expert: ExpertFigures, layer: number): HeatCell => ({
    position: scale.position(of(expert)),
    text: format(of(expert)),
    describe: () =>
      `Layer ${layer} expert ${expert.expert}: ${formatDensity(expert.share)} of the tokens (${formatCount(expert.tokens)}), ` +
      `activation ${formatNumber(expert.sum)}, ${formatDensity(expert.density)} of its ${formatCompact(expert.parameters)} weights active`,
  });
  const map = expertsMap(layers, cellOf, { view, change, width, theme });
  return { map, scale, isBeyond: layers.some(({ experts }) => experts.some((expert) => of(expert) > scale.high)) };
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
