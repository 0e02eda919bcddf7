import type { TemplateResult } from "lit";
import type { PairsDocument, SpearmanDescription } from "../../src/engine/document/document";
import { deepLayers, layerAxis } from "../shared/layer-axis";
import { elementAt } from "../../src/engine/numbers/elements";
import { formatNumber } from "../../src/format/numbers";
import { figures } from "../../src/format/pairs";
import type { DataTable } from "../shared/data-table";
import { lineChart } from "../shared/line-chart";
import { section } from "../shared/section";
import { explanations } from "./explanations";
import { isByContrast, type Panel } from "./panel";
import { rhoFinding } from "../../src/format/pairs-findings";

export const rhoChart = "rho-chart";

/** What is followed through the layers, by its name. */
type Named = SpearmanDescription & { readonly name: string };

/** Spearman's rho of every layer, with its interval as a band; beside it what else goes through the layers. */
export function rhoSection(panel: Panel): TemplateResult {
  const { document } = panel;
  const byContrast = isByContrast(panel);
  const [similarity, ...others] = followed(document);
  const shown = (byContrast ? others.shift() : undefined) ?? similarity;
  const rest = shown === similarity ? others : [similarity, ...others];
  return section(panel, {
    name: "rho",
    title: "Layers",
    note: "agreement of likeness and human scores",
    chart: () =>
      lineChart({
        id: rhoChart,
        label: "Agreement by layer",
        lines: [
          { name: `${shown.name}, band: 95 %`, values: shown.layers, band: shown.intervals },
          ...rest.map(({ name, layers }) => ({ name, values: layers })),
        ],
        ...layerAxis(panel, shown.layers.keys()),
        shaded: deepLayers(document.deep),
        ...rhoRange([shown, ...rest]),
        describe: (layer) => describeLayer(document, layer),
      }),
    table: () => rhoTable(document),
    sentence: rhoFinding(document, byContrast),
    explanation: explanations.rho,
  });
}

/** The paper's similarity; then contrast, where it was asked for, and hidden states, where a result has them. */
function followed({ spearman, contrastSpearman, hiddenSpearman }: PairsDocument): [Named, ...Named[]] {
  return [
    { name: "Similarity", ...spearman },
    ...(contrastSpearman ? [{ name: "Contrast", ...contrastSpearman }] : []),
    ...(hiddenSpearman ? [{ name: "Hidden states", ...hiddenSpearman }] : []),
  ];
}

/** The range from 0, or lower where rho is, to what the intervals reach, in tenths. */
function rhoRange(all: readonly SpearmanDescription[]): { low: number; high: number } {
  const values = all.flatMap(({ layers, intervals }) => [...layers, ...intervals.flat()]);
  return {
    low: Math.min(0, Math.floor(10 * Math.min(...values)) / 10),
    high: Math.max(0.1, Math.ceil(10 * Math.max(...values)) / 10),
  };
}

function describeLayer(document: PairsDocument, layer: number): string {
  const figure = ({ name, layers, intervals }: Named) =>
    `${name.toLowerCase()} ${figures(elementAt(layers, layer), elementAt(intervals, layer))}`;
  return `Layer ${layer}, agreement: ${followed(document).map(figure).join("; ")}`;
}

export function rhoTable(document: PairsDocument): DataTable {
  const all = followed(document);
  const titles = all.flatMap(({ name }, i) => [i === 0 ? "Agreement" : `${name}`, "Low", "High"]);
  return {
    caption: "Agreement by layer",
    columns: ["Layer", ...titles].map((title) => ({ title })),
    rows: document.spearman.layers.map((_, layer) => [
      layer,
      ...all.flatMap(({ layers, intervals }) => [elementAt(layers, layer), ...elementAt(intervals, layer)]),
    ]),
    format: [String, ...titles.map(() => formatNumber)],
  };
}
