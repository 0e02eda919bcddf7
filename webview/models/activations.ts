import type { TemplateResult } from "lit";
import type { ModelsDocument } from "../../src/engine/document/document";
import { elementAt } from "../../src/engine/numbers/elements";
import { activationsFinding } from "../../src/format/models-findings";
import { formatNumber } from "../../src/format/numbers";
import type { DataTable } from "../shared/data-table";
import { layerAxis } from "../shared/layer-axis";
import { lineChart } from "../shared/line-chart";
import { section } from "../shared/section";
import { explanations } from "./explanations";
import type { Panel } from "./panel";

export const activationsChart = "activations-chart";

/** How alike both activate each layer for the same texts. */
export function activationsSection(panel: Panel): TemplateResult {
  const { document } = panel;
  const { layers } = document;
  return section(panel, {
    name: "activations",
    title: "Activations",
    note: "A and B on the same texts",
    chart: () =>
      lineChart({
        id: activationsChart,
        label: "Similarity, overlap by layer",
        lines: [
          { name: "Similarity", values: layers.map(({ similarity }) => similarity) },
          { name: "Overlap", values: layers.map(({ overlap }) => overlap) },
        ],
        ...layerAxis(
          panel,
          layers.map(({ layer }) => layer),
        ),
        low: 0,
        high: 1,
        describe: (row) => {
          const { layer, similarity, overlap } = elementAt(layers, row);
          return `Layer ${layer}: similarity ${formatNumber(similarity)}, overlap ${formatNumber(overlap)}`;
        },
      }),
    table: () => activationsTable(document),
    sentence: activationsFinding(document),
    explanation: explanations.activations,
  });
}

export function activationsTable({ layers }: ModelsDocument): DataTable {
  return {
    caption: "Activations, by layer",
    columns: ["Layer", "Similarity", "Overlap", "Sum of A", "Sum of B"].map((title) => ({ title })),
    rows: layers.map(({ layer, similarity, overlap, a, b }) => [layer, similarity, overlap, a, b]),
    format: [String, formatNumber, formatNumber, formatNumber, formatNumber],
  };
}
