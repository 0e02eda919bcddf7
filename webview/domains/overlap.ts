import { html, nothing, type TemplateResult } from "lit";
import type { DomainOverlap, ExclusiveParameter } from "../../src/engine/document/document";
import { chanceOverlap, overlapOf } from "../../src/engine/numbers/overlap";
import { formatCount, formatNumber, formatShare } from "../../src/format/numbers";
import type { DataTable } from "../shared/data-table";
import { lineChart } from "../shared/line-chart";
import { section } from "../shared/section";
import { tableView } from "../shared/table-view";
import { explanations } from "./explanations";
import { coupleChoice } from "./neurons";
import type { Panel } from "./panel";
import { overlapFinding } from "../../src/format/domains-findings";

export const overlapChart = "overlap-chart";

/** Of the weights that either of two domains activates most, how many both do, and would by chance; the strongest of one only. */
export function overlapSection(panel: Panel): TemplateResult | typeof nothing {
  const { document, view, change, width } = panel;
  const chosen = chosenOverlap(panel);
  // where the memory did not allow it, the notes of the run say so
  if (!chosen) return nothing;
  const { a, b, layers } = chosen;
  const shares = layers.map(overlapOf);
  const chance = chanceOverlap(document.share);
  return html`${section(panel, {
    name: "overlap",
    title: "What two domains share",
    note: `of the weights in the top set of ${a} or of ${b}, in %`,
    controls: coupleChoice(panel, document.overlaps ?? [], "what they share"),
    chart: () =>
      lineChart({
        id: overlapChart,
        label: `Weights in the top sets of both ${a} and ${b}, by layer, in percent of those in either`,
        lines: [
          { name: "In both", values: shares.map((shared) => 100 * shared) },
          { name: "By chance", values: shares.map(() => 100 * chance), isLevel: true },
        ],
        places: layers.map((_, layer) => String(layer)),
        axis: "layer",
        shaded: { range: document.deep, name: "deep layers" },
        low: 0,
        high: 100,
        width,
        at: view.layer,
        onMove: (layer) => change({ layer }),
        describe: (layer) =>
          `Layer ${layer}: ${formatCount(layers[layer].both)} in both, which is ${formatShare(shares[layer])}; ` +
          `${formatCount(layers[layer].onlyA)} in ${a} only, ${formatCount(layers[layer].onlyB)} in ${b} only`,
      }),
    table: () => overlapTable(panel),
    sentence: overlapFinding(chosen, document),
    explanation: explanations.overlap,
  })}
    <div class="columns">
      ${lonely(chosen, a, chosen.strongestOfA)} ${lonely(chosen, b, chosen.strongestOfB)}
    </div>`;
}

/** The two domains that `view.pair` stands on. */
export function chosenOverlap({ document: { overlaps }, view }: Panel): DomainOverlap | undefined {
  return overlaps?.at(Math.min(view.pair, overlaps.length - 1));
}

export function overlapTable(panel: Panel): DataTable {
  const chosen = chosenOverlap(panel);
  const { a, b } = chosen ?? { a: "A", b: "B" };
  return {
    caption: "What two domains share",
    columns: ["Layer", "Both", `Only ${a}`, `Only ${b}`, "Shared"].map((title) => ({ title })),
    rows: (chosen?.layers ?? []).map((layer, i) => [i, layer.both, layer.onlyA, layer.onlyB, overlapOf(layer)]),
    format: [String, formatCount, formatCount, formatCount, formatShare],
  };
}

function lonely({ a, b }: DomainOverlap, name: string, parameters: readonly ExclusiveParameter[]): TemplateResult {
  const title = `Strongest weights in the top set of ${name} only`;
  const id = `only-${name === a ? "a" : "b"}-title`;
  return html`<section class="section" aria-labelledby=${id}>
    <h3 id=${id}>${title}</h3>
    ${
      parameters.length === 0
        ? html`<p class="note">None: its strongest weights are in the top set of both.</p>`
        : tableView({
            caption: title,
            columns: [
              { title: "Layer" },
              { title: "Matrix", text: true },
              ...["Row", "Column", a, b].map((column) => ({ title: column })),
            ],
            rows: parameters.map(({ layer, module, row, column, a: ofA, b: ofB }) => [
              layer,
              module,
              row,
              column,
              ofA,
              ofB,
            ]),
            format: [String, String, formatCount, formatCount, formatNumber, formatNumber],
          })
    }
  </section>`;
}
