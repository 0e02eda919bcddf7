import { nothing, type TemplateResult } from "lit";
import type { NeuronsDocument } from "../../src/engine/document/document";
import { layerAxis } from "../shared/layer-axis";
import { elementAt } from "../../src/engine/numbers/elements";
import { concentrationSentence, criterionNames } from "../../src/format/neurons";
import { formatDensity } from "../../src/format/numbers";
import type { DataTable } from "../shared/data-table";
import { lineChart } from "../shared/line-chart";
import { section } from "../shared/section";
import { explanations } from "./explanations";
import type { Panel } from "./panel";

export const layersChart = "layers-chart";

/** How few neurons of each layer make up nine tenths of the attribution and of the size, and those with the most attribution. */
export function layersSection(panel: Panel): TemplateResult | typeof nothing {
  const { document } = panel;
  const { layers } = document;
  if (layers.length === 0) return nothing;
  return section(panel, {
    name: "layers",
    title: "Layers",
    note: "neurons with 90 % of the sum, in %",
    chart: () =>
      lineChart({
        id: layersChart,
        label: "Share of a layer's neurons that make up 90 % of the attribution, and of the size, in percent",
        lines: (["attribution", "size"] as const).map((criterion) => ({
          name: criterionNames[criterion],
          values: layers.map(({ concentration }) => 100 * concentration[criterion]),
        })),
        ...layerAxis(
          panel,
          layers.map(({ layer }) => layer),
        ),
        low: 0,
        high: 100,
        describe: (layer) => describe(elementAt(layers, layer)),
      }),
    table: () => layersTable(document),
    sentence: concentrationSentence(document),
    explanation: explanations.layers,
  });
}

function describe({ layer, concentration: { attribution, size }, top }: NeuronsDocument["layers"][number]): string {
  return (
    `Layer ${layer}: 90 % of the attribution is in ${formatDensity(attribution)} of the neurons, of the size in ${formatDensity(size)}; ` +
    `most attribution have ${top.map(({ neuron }) => neuron).join(", ")}`
  );
}

export function layersTable({ layers }: NeuronsDocument): DataTable {
  return {
    caption: "Neurons that make up 90 % of the sum, by layer",
    columns: [
      ...["Layer", "Attribution", "Size of activation"].map((title) => ({ title })),
      { title: "Neurons with the most attribution", text: true },
    ],
    rows: layers.map(({ layer, concentration: { attribution, size }, top }) => [
      layer,
      attribution,
      size,
      top.map(({ neuron }) => neuron).join(" "),
    ]),
    format: [String, formatDensity, formatDensity],
  };
}
