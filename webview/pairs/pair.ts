import { nothing, type TemplateResult } from "lit";
import { formatNumber } from "../../src/format/numbers";
import { deepLayers, layerAxis } from "../shared/layer-axis";
import { elementAt } from "../../src/engine/numbers/elements";
import { button } from "../shared/controls";
import type { DataTable } from "../shared/data-table";
import { type Line, lineChart } from "../shared/line-chart";
import { section } from "../shared/section";
import { explanations } from "./explanations";
import type { Panel } from "./panel";
import { contrastRelevance } from "../../src/format/pairs-findings";
import { flowing, html } from "../shared/template";

export const pairChart = "pair-chart";

/** The chosen pair: its two sentences and its likeness in every layer. */
export function pairSection(panel: Panel): TemplateResult {
  const { document, inEditor, view, post } = panel;
  const pair = elementAt(document.pairs, view.pair);
  const { a, b, score, relevance, similarity, contrast } = pair;
  const lines: Line[] = [
    { name: "Similarity", values: similarity },
    ...(contrast ? [{ name: "Contrast", values: contrast }] : []),
  ];
  const contrasted = contrastRelevance(pair, document.deep);
  return section(panel, {
    name: "pair",
    title: `Pair ${view.pair + 1}`,
    note: `human score ${formatNumber(score)}, relevance ${formatNumber(relevance)}${contrasted === undefined ? "" : `, contrast relevance ${formatNumber(contrasted)}`}`,
    controls: inEditor ? button("Compare these two", () => post({ type: "compare", pair: view.pair })) : nothing,
    chart: () =>
      html`<dl class="sentences">
          <dt>A</dt>
          <dd class="flowing">${flowing(a)}</dd>
          <dt>B</dt>
          <dd class="flowing">${flowing(b)}</dd>
        </dl>
        ${lineChart({
          id: pairChart,
          label: "Likeness of the pair by layer",
          lines,
          ...layerAxis(panel, similarity.keys()),
          shaded: deepLayers(document.deep),
          low: 0,
          high: 1,
          describe: (layer) =>
            `Layer ${layer}: ${lines.map(({ name, values }) => `${name.toLowerCase()} ${formatNumber(values[layer] ?? 0)}`).join(", ")}`,
        })}`,
    table: () => pairTable(panel),
    explanation: explanations.pair,
  });
}

export function pairTable({ document, view }: Panel): DataTable {
  const { similarity, contrast } = elementAt(document.pairs, view.pair);
  return {
    caption: `Pair ${view.pair + 1} by layer`,
    columns: ["Layer", "Similarity", "Contrast"].map((title) => ({ title })),
    rows: similarity.map((value, layer) => [layer, value, contrast?.[layer] ?? ""]),
    format: [String, formatNumber, formatNumber],
  };
}
