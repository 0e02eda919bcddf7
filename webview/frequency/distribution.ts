import type { TemplateResult } from "lit";
import { independentShares, shareIn } from "../../src/format/frequency";
import { formatDensity } from "../../src/format/numbers";
import { option, select } from "../shared/controls";
import type { DataTable } from "../shared/data-table";
import { pairedBars } from "../shared/paired-bars";
import { section } from "../shared/section";
import { explanations } from "./explanations";
import { layerOf, type Panel } from "./panel";
import { distributionFinding } from "../../src/format/frequency-findings";

export const distributionChart = "distribution-chart";

/** How many samples have the weights of one layer, beside what independent activation would give. */
export function distributionSection(panel: Panel): TemplateResult {
  const { document, view, change, width } = panel;
  const layer = layerOf(panel);
  return section(panel, {
    name: "distribution",
    title: "Against chance",
    note: "share of the weights by how many samples have them",
    controls: select({
      label: "Layer",
      value: String(layer.layer),
      options: document.layers.map((other) => option(String(other.layer), `Layer ${other.layer}`)),
      onChange: (value) => change({ layer: Number(value) }),
    }),
    chart: () =>
      pairedBars({
        id: distributionChart,
        label: `Numbers of samples that have weights of layer ${layer.layer}, observed and by chance`,
        names: ["observed", "independent, same density"],
        bars: distributionOf(panel).map(([times, observed, chance]) => ({
          label: String(times),
          a: observed,
          b: chance,
          description: `${times} of ${document.samples}: ${formatDensity(observed)} of the weights, by chance ${formatDensity(chance)}`,
        })),
        width,
        at: view.times,
        onMove: (times) => change({ times }),
      }),
    table: () => distributionTable(panel),
    sentence: distributionFinding(layer, document.samples),
    explanation: explanations.distribution,
  });
}

/** Number of samples, share of the weights, and what it would be by chance. */
function distributionOf(panel: Panel): [times: number, observed: number, chance: number][] {
  const layer = layerOf(panel);
  return independentShares(layer).map((chance, times) => [times, shareIn(layer, { from: times, to: times }), chance]);
}

/** The highest of the columns. */
export function highestShare(panel: Panel): number {
  return Math.max(0, ...distributionOf(panel).flatMap(([, observed, chance]) => [observed, chance]));
}

export function distributionTable(panel: Panel): DataTable {
  return {
    caption: `Numbers of samples that have weights of layer ${layerOf(panel).layer}`,
    columns: ["Samples", "Observed", "By chance"].map((title) => ({ title })),
    rows: distributionOf(panel),
    format: [String, formatDensity, formatDensity],
  };
}
