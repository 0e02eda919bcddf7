import { nothing, type TemplateResult } from "lit";
import type { ShrinkDocument } from "../../src/engine/document/document";
import { inWords } from "../../src/format/bits";
import { formatDensity, formatNumber } from "../../src/format/numbers";
import { comparedShrinkWays, shrinkWayInWords, shrinkWaysFinding } from "../../src/format/shrink";
import { barChart } from "../shared/bar-chart";
import type { DataTable } from "../shared/data-table";
import { roomForLabels } from "../shared/heat-map-layout";
import { rowHeightOf } from "../shared/row-height";
import { section } from "../shared/section";
import { explanations } from "./explanations";
import type { Panel } from "./panel";

export const waysChart = "ways-chart";

/** Divergence by way of choosing, where several were measured. */
export function waysSection(panel: Panel): TemplateResult | typeof nothing {
  const { document, view, change, width } = panel;
  const ways = comparedShrinkWays(document);
  const largest = Math.max(0, ...ways.map(({ divergence }) => divergence.mean));
  if (ways.length < 2 || !(largest > 0)) return nothing;
  return section(panel, {
    name: "ways",
    title: "Divergence by way of choosing",
    note: "as much taken out by each",
    chart: () =>
      barChart({
        id: waysChart,
        label: "Ways of choosing by their divergence from the dense model. Up and down arrows walk them.",
        bars: ways.map(({ by, divergence, perplexity }) => ({
          label: shrinkWayInWords[by],
          length: divergence.mean / largest,
          text: formatNumber(divergence.mean),
          description: `By ${shrinkWayInWords[by]}: ${inWords(divergence)}; perplexity ${perplexity}`,
        })),
        top: 2,
        width,
        rowHeight: rowHeightOf(ways.length),
        labelWidth: roomForLabels(
          ways.map(({ by }) => shrinkWayInWords[by]),
          [""],
          width,
        ).left,
        focused: Math.min(view.way, ways.length - 1),
        onFocus: (way) => change({ way }),
      }),
    table: () => waysTable(document),
    sentence: shrinkWaysFinding(document),
    explanation: explanations.ways,
  });
}

export function waysTable(document: ShrinkDocument): DataTable {
  return {
    caption: "Divergence by way of choosing",
    columns: [
      { title: "Chosen by", text: true },
      { title: "Divergence" },
      { title: "From" },
      { title: "To" },
      { title: "Perplexity", text: true },
      { title: "Same token" },
    ],
    rows: comparedShrinkWays(document).map(({ by, divergence, perplexity, agreement }) => [
      shrinkWayInWords[by],
      divergence.mean,
      ...(divergence.interval ?? ["", ""]),
      perplexity,
      agreement,
    ]),
    format: [String, formatNumber, formatNumber, formatNumber, String, formatDensity],
  };
}
