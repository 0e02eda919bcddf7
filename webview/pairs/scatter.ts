import { type TemplateResult, nothing } from "lit";
import type { PairDescription, PairsDocument } from "../../src/engine/document/document";
import { elementAt } from "../../src/engine/numbers/elements";
import { formatNumber } from "../../src/format/numbers";
import { option, select } from "../shared/controls";
import type { DataTable } from "../shared/data-table";
import { madeOnce } from "../shared/made-once";
import { type ScatterPoint, scatterChart } from "../shared/scatter-chart";
import { section } from "../shared/section";
import { explanations } from "./explanations";
import { isByContrast, type Panel } from "./panel";
import { contrastRelevance, hiddenRelevance, scatterFinding } from "../../src/format/pairs-findings";

export const scatterId = "pairs-scatter";

/** Made once by document: the chart draws its points anew only when they are others. */
const pointsOf = madeOnce(({ pairs, deep }: PairsDocument): Record<"plain" | "contrast", ScatterPoint[]> => ({
  plain: pairs.map(({ score, relevance }) => ({ x: score, y: relevance })),
  contrast: pairs.map((pair) => ({ x: pair.score, y: contrastRelevance(pair, deep) ?? 0 })),
}));

/** Human score against relevance, a point a pair. */
export function scatterSection(panel: Panel): TemplateResult {
  const { document, view, change, width } = panel;
  const byContrast = isByContrast(panel);
  const what = byContrast ? "Contrast relevance" : "Relevance";
  return section(panel, {
    name: "scatter",
    title: "Pairs",
    note: `human score against ${what.toLowerCase()}`,
    controls: document.contrastSpearman
      ? select({
          label: "Measure of likeness",
          value: byContrast ? "contrast" : "plain",
          options: [option("contrast", "Contrast relevance"), option("plain", "Relevance")],
          onChange: (value) => change({ contrast: value === "contrast" }),
        })
      : nothing,
    chart: () =>
      scatterChart({
        id: scatterId,
        label: `Pairs of sentences by human score and ${what.toLowerCase()}`,
        points: pointsOf(document)[byContrast ? "contrast" : "plain"],
        xTitle: "human score",
        yTitle: what.toLowerCase(),
        width,
        chosen: view.pair,
        onChoose: (pair) => change({ pair }),
        describe: (pair) => describePair(elementAt(document.pairs, pair), document.deep, byContrast),
      }),
    table: () => pairsTable(document),
    sentence: scatterFinding(document, byContrast),
    explanation: explanations.scatter,
  });
}

function describePair(pair: PairDescription, deep: PairsDocument["deep"], byContrast: boolean): string {
  const { a, b, score, relevance } = pair;
  const figure = byContrast
    ? `contrast relevance ${formatNumber(contrastRelevance(pair, deep) ?? 0)}`
    : `relevance ${formatNumber(relevance)}`;
  return `Score ${formatNumber(score)}, ${figure}: ${a} — ${b}`;
}

export function pairsTable({ pairs, deep }: PairsDocument): DataTable {
  return {
    caption: "Pairs",
    columns: [
      { title: "Pair" },
      { title: "Score" },
      { title: "Relevance" },
      { title: "Contrast relevance" },
      { title: "Hidden states" },
      { title: "Tf-idf" },
      { title: "Jaccard" },
      { title: "A", text: true },
      { title: "B", text: true },
    ],
    rows: pairs.map((pair, i) => [
      i + 1,
      pair.score,
      pair.relevance,
      contrastRelevance(pair, deep) ?? "",
      hiddenRelevance(pair, deep) ?? "",
      pair.tfidf ?? "",
      pair.jaccard ?? "",
      pair.a,
      pair.b,
    ]),
    format: [String, ...Array<typeof formatNumber>(6).fill(formatNumber)],
  };
}
