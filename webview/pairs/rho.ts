import type { TemplateResult } from "lit";
import type { PairsDocument, SpearmanDescription } from "../../src/engine/document/document";
import { deepLayers, layerAxis } from "../shared/layer-axis";
import { elementAt } from "../../src/engine/numbers/elements";
import { formatNumber } from "../../src/format/numbers";
import { intervalText } from "../../src/format/pairs";
import type { DataTable } from "../shared/data-table";
import { lineChart } from "../shared/line-chart";
import { section } from "../shared/section";
import { explanations } from "./explanations";
import { isByContrast, type Panel } from "./panel";
import { rhoFinding } from "../../src/format/pairs-findings";

export const rhoChart = "rho-chart";

/** Spearman's rho of every layer, with its interval as a band. */
export function rhoSection(panel: Panel): TemplateResult {
  const { document } = panel;
  const byContrast = isByContrast(panel);
  const { spearman, contrastSpearman } = document;
  const shown = byContrast && contrastSpearman ? contrastSpearman : spearman;
  const other = byContrast ? spearman : contrastSpearman;
  const named = (isContrast: boolean) => (isContrast ? "Contrast" : "Similarity");
  return section(panel, {
    name: "rho",
    title: "Layers",
    note: "Spearman's rho of likeness and human scores",
    chart: () =>
      lineChart({
        id: rhoChart,
        label: "Spearman's rho by layer",
        lines: [
          { name: `${named(byContrast)}, band: 95 %`, values: shown.layers, band: shown.intervals },
          ...(other ? [{ name: named(!byContrast), values: other.layers }] : []),
        ],
        ...layerAxis(panel, shown.layers.keys()),
        shaded: deepLayers(document.deep),
        ...rhoRange([shown, ...(other ? [other] : [])]),
        describe: (layer) => describeLayer(document, layer),
      }),
    table: () => rhoTable(document),
    sentence: rhoFinding(document, byContrast),
    explanation: explanations.rho,
  });
}

/** The range from 0, or lower where rho is, to what the intervals reach, in tenths. */
function rhoRange(all: readonly SpearmanDescription[]): { low: number; high: number } {
  const values = all.flatMap(({ layers, intervals }) => [...layers, ...intervals.flat()]);
  return {
    low: Math.min(0, Math.floor(10 * Math.min(...values)) / 10),
    high: Math.max(0.1, Math.ceil(10 * Math.max(...values)) / 10),
  };
}

function describeLayer({ spearman, contrastSpearman }: PairsDocument, layer: number): string {
  const figure = ({ layers, intervals }: SpearmanDescription) =>
    `${formatNumber(elementAt(layers, layer))} (95 % within ${intervalText(elementAt(intervals, layer))})`;
  const contrasted = contrastSpearman ? `, of contrast ${figure(contrastSpearman)}` : "";
  return `Layer ${layer}: rho of similarity ${figure(spearman)}${contrasted}`;
}

export function rhoTable({ spearman, contrastSpearman }: PairsDocument): DataTable {
  const titles = ["Layer", "Rho", "Low", "High", ...(contrastSpearman ? ["Contrast rho", "Low", "High"] : [])];
  return {
    caption: "Rho by layer",
    columns: titles.map((title) => ({ title })),
    rows: spearman.layers.map((rho, layer) => [
      layer,
      rho,
      ...elementAt(spearman.intervals, layer),
      ...(contrastSpearman
        ? [elementAt(contrastSpearman.layers, layer), ...elementAt(contrastSpearman.intervals, layer)]
        : []),
    ]),
    format: [String, ...titles.slice(1).map(() => formatNumber)],
  };
}
