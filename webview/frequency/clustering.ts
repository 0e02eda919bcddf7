import { nothing, type TemplateResult } from "lit";
import { clusteringSentence } from "../../src/format/frequency";
import { layerAxis } from "../shared/layer-axis";
import { formatNumber } from "../../src/format/numbers";
import type { DataTable } from "../shared/data-table";
import { lineChart } from "../shared/line-chart";
import { roundedUp } from "../shared/scales";
import { section } from "../shared/section";
import { explanations } from "./explanations";
import type { Panel } from "./panel";

const TICKS = 5;

export const clusteringChart = "clustering-chart";

/** How much more the numbers of samples vary than by chance, by layer. */
export function clusteringSection(panel: Panel): TemplateResult | typeof nothing {
  const { document } = panel;
  const ratios = ratiosOf(panel);
  const known = ratios.filter((ratio) => ratio !== undefined);
  if (known.length === 0) return nothing;
  return section(panel, {
    name: "clustering",
    title: "Clustering",
    note: "variance of the numbers of samples, as a multiple of chance",
    chart: () =>
      lineChart({
        id: clusteringChart,
        label: "Variance of the numbers of samples by layer, as a multiple of chance",
        lines: [
          { name: "observed", values: ratios },
          { name: "chance", values: ratios.map(() => 1), isLevel: true },
        ],
        ...layerAxis(
          panel,
          document.layers.map(({ layer }) => layer),
        ),
        low: 0,
        high: roundedUp(Math.max(1, ...known), TICKS),
        describe: (layer) => {
          const ratio = ratios[layer];
          return `Layer ${layer}: ${ratio === undefined ? "not known" : `${formatNumber(ratio)} times the variance of chance`}`;
        },
      }),
    table: () => clusteringTable(panel),
    sentence: clusteringSentence(document),
    explanation: explanations.clustering,
  });
}

function ratiosOf({ document }: Panel): (number | undefined)[] {
  return document.layers.map(({ varianceRatio }) => varianceRatio ?? undefined);
}

export function clusteringTable({ document: { layers } }: Panel): DataTable {
  return {
    caption: "Variance by layer, as a multiple of chance",
    columns: ["Layer", "Times"].map((title) => ({ title })),
    rows: layers.map(({ layer, varianceRatio }) => [layer, varianceRatio ?? NaN]),
    format: [String, (ratio) => (Number.isNaN(ratio) ? "" : formatNumber(ratio))],
  };
}
