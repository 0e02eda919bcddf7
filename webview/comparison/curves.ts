import type { TemplateResult } from "lit";
import type { ComparisonDocument } from "../../src/engine/document/document";
import { elementAt } from "../../src/engine/numbers/elements";
import { formatNumber } from "../../src/format/numbers";
import type { DataTable } from "../shared/data-table";
import { type Line, lineChart } from "../shared/line-chart";
import { section } from "../shared/section";
import { explanations } from "./explanations";
import type { Panel } from "./panel";
import { curvesFinding } from "../../src/format/comparison-findings";

export const curvesChart = "curves-chart";

/** Similarity, contrast and overlap over the layers, the deep ones shaded. */
export function curvesSection(panel: Panel): TemplateResult {
  const { document, view, change, width } = panel;
  const { layers, deep } = document;
  const lines = linesOf(document);
  return section(panel, {
    name: "curves",
    title: "Layers",
    note: "shallowest first",
    chart: () =>
      lineChart({
        places: layers.map(({ layer }) => String(layer)),
        axis: "layer",
        low: 0,
        high: 1,
        id: curvesChart,
        label: `${lines.map(({ name }) => name).join(", ")} by layer`,
        lines,
        shaded: { range: deep, name: "deep layers, which relevance is the mean of" },
        width,
        at: view.row,
        onMove: (row) => change({ row }),
        describe: (row) => describeLayer(document, row),
      }),
    table: () => curvesTable(document),
    sentence: curvesFinding(document),
    explanation: explanations.curves,
  });
}

function linesOf({ layers }: Pick<ComparisonDocument, "layers">): Line[] {
  const hasContrast = layers.some(({ contrast }) => contrast !== null);
  return [
    { name: "Similarity", values: layers.map(({ similarity }) => similarity) },
    { name: "Overlap", values: layers.map(({ overlap }) => overlap) },
    ...(hasContrast ? [{ name: "Contrast", values: layers.map(({ contrast }) => contrast ?? undefined) }] : []),
  ];
}

function describeLayer({ layers, deep }: ComparisonDocument, row: number): string {
  const { layer, similarity, contrast, overlap } = elementAt(layers, row);
  const where = row >= deep[0] && row < deep[1] ? ", deep" : "";
  const contrasted = contrast === null ? "" : `, contrast ${formatNumber(contrast)}`;
  return `Layer ${layer}${where}: similarity ${formatNumber(similarity)}${contrasted}, overlap ${formatNumber(overlap)}`;
}

export function curvesTable({ layers, deep }: ComparisonDocument): DataTable {
  return {
    caption: "Layers",
    columns: [
      ...["Layer", "Similarity", "Contrast", "Overlap"].map((title) => ({ title })),
      { title: "Deep", text: true },
    ],
    rows: layers.map(({ layer, similarity, contrast, overlap }, row) => [
      layer,
      similarity,
      contrast ?? "",
      overlap,
      row >= deep[0] && row < deep[1] ? "deep" : "",
    ]),
    format: [String, formatNumber, formatNumber, formatNumber],
  };
}
