import { nothing, type TemplateResult } from "lit";
import { clusteringSentence, correlationOf, formatCorrelation } from "../../src/format/frequency";
import { layerAxis } from "../shared/layer-axis";
import type { DataTable } from "../shared/data-table";
import { lineChart } from "../shared/line-chart";
import { section } from "../shared/section";
import { explanations } from "./explanations";
import type { Panel } from "./panel";

export const clusteringChart = "clustering-chart";

/** How far samples agree on their strongest weights, by layer. */
export function clusteringSection(panel: Panel): TemplateResult | typeof nothing {
  const { document } = panel;
  const correlations = document.layers.map((layer) => correlationOf(layer) ?? undefined);
  const known = correlations.filter((correlation) => correlation !== undefined);
  if (known.length === 0) return nothing;
  return section(panel, {
    name: "clustering",
    title: "Agreement of the samples",
    note: "intraclass correlation",
    chart: () =>
      lineChart({
        id: clusteringChart,
        label: "Intraclass correlation of the samples' strongest weights, by layer",
        lines: [
          { name: "observed", values: correlations },
          { name: "chance", values: correlations.map(() => 0), isLevel: true },
        ],
        ...layerAxis(
          panel,
          document.layers.map(({ layer }) => layer),
        ),
        low: Math.min(...known) < 0 ? -1 : 0,
        high: 1,
        describe: (layer) => {
          const correlation = correlations[layer];
          return `Layer ${layer}: ${correlation === undefined ? "not known" : formatCorrelation(correlation)}`;
        },
      }),
    table: () => clusteringTable(panel),
    sentence: clusteringSentence(document),
    explanation: explanations.clustering,
  });
}

export function clusteringTable({ document: { layers } }: Panel): DataTable {
  return {
    caption: "Intraclass correlation of the samples by layer",
    columns: ["Layer", "Correlation"].map((title) => ({ title })),
    rows: layers.map((layer) => [layer.layer, correlationOf(layer) ?? NaN]),
    format: [String, (correlation) => (Number.isNaN(correlation) ? "" : formatCorrelation(correlation))],
  };
}
