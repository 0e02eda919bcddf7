import { nothing, type TemplateResult } from "lit";
import type { DomainOverlap, ExclusiveParameter } from "../../src/engine/document/document";
import { deepLayers, layerAxis } from "../shared/layer-axis";
import { elementAt } from "../../src/engine/numbers/elements";
import { chanceOverlap, overlapOf } from "../../src/engine/numbers/overlap";
import { formatCount, formatNumber, formatShare } from "../../src/format/numbers";
import type { DataTable } from "../shared/data-table";
import { lineChart } from "../shared/line-chart";
import { section } from "../shared/section";
import { tableView } from "../shared/table-view";
import { explanations } from "./explanations";
import { coupleChoice } from "./neurons";
import type { Panel } from "./panel";
import { haveOwn } from "../../src/format/domains";
import { overlapFinding } from "../../src/format/domains-findings";
import { html } from "../shared/template";

export const overlapChart = "overlap-chart";

/** How many of the weights that either of two domains activates most both do, and would by chance; the strongest of one only. */
export function overlapSection(panel: Panel): TemplateResult | typeof nothing {
  const { document } = panel;
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
          ...halfLines(chosen),
          { name: "Independent sets", values: shares.map(() => 100 * chance), isLevel: true },
        ],
        ...layerAxis(panel, layers.keys()),
        shaded: deepLayers(document.deep),
        low: 0,
        high: 100,
        describe: (layer) => {
          const { both, onlyA, onlyB } = elementAt(layers, layer);
          return (
            `Layer ${layer}: ${formatCount(both)} in both, which is ${formatShare(elementAt(shares, layer))}; ` +
            `${formatCount(onlyA)} in ${a} only, ${formatCount(onlyB)} in ${b} only${halvesAt(chosen, layer)}`
          );
        },
      }),
    table: () => overlapTable(panel),
    sentence: overlapFinding(chosen, document),
    explanation: explanations.overlap,
  })}
    ${
      chosen.halves && !haveOwn(document, chosen)
        ? html`<p class="note">
            Random halves of one domain have weights of their own too: which these are is not certainly more than chance.
          </p>`
        : nothing
    }
    <div class="columns">
      ${exclusive(chosen, a, chosen.strongestOfA)} ${exclusive(chosen, b, chosen.strongestOfB)}
    </div>`;
}

const halfNames = { within: "Halves of one domain", across: "A half of each" } as const;

/** What random halves share, by layer; none where that was not measured. */
function halfLines({ halves }: DomainOverlap): { name: string; values: number[] }[] {
  return halves
    ? (["within", "across"] as const).map((which) => ({
        name: halfNames[which],
        values: halves[which].map((share) => 100 * share),
      }))
    : [];
}

function halvesAt({ halves }: DomainOverlap, layer: number): string {
  return halves
    ? `; random halves of one domain share ${formatShare(elementAt(halves.within, layer))}, a half of each ${formatShare(elementAt(halves.across, layer))}`
    : "";
}

/** A picture has no legend beside it. */
export function overlapLinesInWords({ halves }: DomainOverlap): string {
  return halves
    ? "in both (solid), halves of one domain (dashed), a half of each (dotted), independent sets (level)"
    : "in both (solid), independent sets (dashed)";
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
    columns: [
      ...["Layer", "Both", `Only ${a}`, `Only ${b}`, "Shared"],
      ...(chosen?.halves ? [halfNames.within, halfNames.across] : []),
    ].map((title) => ({ title })),
    rows: (chosen?.layers ?? []).map((layer, i) => [
      ...[i, layer.both, layer.onlyA, layer.onlyB, overlapOf(layer)],
      ...(chosen?.halves ? [elementAt(chosen.halves.within, i), elementAt(chosen.halves.across, i)] : []),
    ]),
    format: [String, formatCount, formatCount, formatCount, formatShare, formatShare, formatShare],
  };
}

function exclusive({ a, b }: DomainOverlap, name: string, parameters: readonly ExclusiveParameter[]): TemplateResult {
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
