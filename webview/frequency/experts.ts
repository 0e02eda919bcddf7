import { nothing, type TemplateResult } from "lit";
import {
  type CountedExpert,
  countedExperts,
  countedExpertsSentences,
  hasExperts,
} from "../../src/format/counted-experts";
import { formatCorrelation } from "../../src/format/frequency";
import { formatCount, formatDensity } from "../../src/format/numbers";
import type { DataTable } from "../shared/data-table";
import { expertsSectionOf } from "../shared/experts-section";
import { expertsMap } from "../shared/experts-map";
import type { HeatCell, HeatMap } from "../shared/heat-cells";
import { clamp } from "../shared/scales";
import { explanations } from "./explanations";
import type { Panel } from "./panel";
import type { ExpertMeasure } from "./view-state";

/** What a heat map of experts can show, and how it is written. */
const measures: Readonly<
  Record<
    ExpertMeasure,
    {
      readonly name: string;
      /** null: an expert that too few samples reach has none. */
      readonly of: (expert: CountedExpert) => number | null;
      readonly format: (value: number) => string;
    }
  >
> = {
  samples: { name: "Samples that reach it", of: ({ share }) => share, format: formatDensity },
  always: { name: "Weights in all that reach it", of: ({ always }) => always, format: formatDensity },
  correlation: { name: "Agreement of those", of: ({ correlation }) => correlation, format: formatCorrelation },
};

const measureOf = ({ view }: Panel): ExpertMeasure => view.experts ?? "samples";

/** What the heat map of experts shows. */
export function expertMeasureName(panel: Panel): string {
  return measures[measureOf(panel)].name;
}

/** The heat map: layers down, experts across; nothing of a model without experts. */
export function expertsSection(panel: Panel): TemplateResult | typeof nothing {
  const { document, change } = panel;
  if (!hasExperts(document)) return nothing;
  const { map, low, high } = expertsHeatMap(panel, panel.width);
  return expertsSectionOf(panel, {
    measure: measureOf(panel),
    names: {
      samples: measures.samples.name,
      always: measures.always.name,
      correlation: measures.correlation.name,
    },
    onMeasure: (experts) => change({ experts }),
    map,
    legend: { low, high, what: expertMeasureName(panel).toLowerCase() },
    table: () => expertsTable(panel),
    sentence: countedExpertsSentences(document).join(" "),
    explanation: explanations.experts,
  });
}

/** The heat map of the experts by the chosen measure, and the ends of its colours. */
export function expertsHeatMap(
  panel: Panel,
  width: number,
): { readonly map: HeatMap; readonly low: string; readonly high: string } {
  const { document, view, change, theme } = panel;
  const { of, format } = measures[measureOf(panel)];
  const all = countedExperts(document);
  const layers = document.layers.flatMap(({ layer }, row) => {
    const experts = all.filter((expert) => expert.layer === layer);
    return experts.length > 0 ? [{ layer, row, experts }] : [];
  });
  const known = all.flatMap((expert) => of(expert) ?? []);
  const [low, high] = [Math.min(0, ...known), Math.max(0, ...known)];
  const cellOf = (expert: CountedExpert, layer: number): HeatCell | undefined => {
    const value = of(expert);
    if (value === null) return undefined;
    return {
      position: high > low ? clamp((value - low) / (high - low)) : 0,
      text: format(value),
      describe: () => `Layer ${layer} expert ${expert.expert}: ${inWords(expert, document.samples)}`,
    };
  };
  const map = expertsMap(layers, cellOf, {
    view: { row: view.layer, expert: view.expert },
    change: ({ row, expert }) => change({ layer: row, expert }),
    width,
    theme,
  });
  const written = (value: number): string => (value === 0 ? "0" : format(value));
  return { map, low: written(low), high: written(high) };
}

function inWords({ samples, always, correlation }: CountedExpert, all: number): string {
  if (always === null) return `none of ${formatCount(all)} samples reaches it`;
  const agreement = correlation === null ? "" : `, intraclass correlation ${formatCorrelation(correlation)}`;
  return `${formatCount(samples)} of ${formatCount(all)} samples reach it, ${formatDensity(always)} of its weights are among the strongest in each of those${agreement}`;
}

export function expertsTable({ document }: Panel): DataTable {
  const orNone = (format: (value: number) => string) => (value: number) => (Number.isNaN(value) ? "" : format(value));
  return {
    caption: "Experts",
    columns: ["Layer", "Expert", "Samples", "Share of samples", "Weights in all of those", "Correlation"].map(
      (title) => ({ title }),
    ),
    rows: countedExperts(document).map(({ layer, expert, samples, share, always, correlation }) => [
      layer,
      expert,
      samples,
      share,
      always ?? NaN,
      correlation ?? NaN,
    ]),
    format: [String, String, formatCount, formatDensity, orNone(formatDensity), orNone(formatCorrelation)],
  };
}
