import type { ComparisonDocument } from "../../engine/document/document";
import { bar } from "../terminal/bar";
import { formatDuration, formatNumber } from "../../format/numbers";
import type { Style } from "../terminal/style";
import { table } from "../terminal/table";
import { shortNames } from "../../format/matrix-names";

const barWidth = 20;

/** Head line, the relevance, the table of layers, and where the two part. */
export function comparisonLines(document: ComparisonDocument, style: Style): string[] {
  const { a, b, model, run, target, deep, layers } = document;
  const head = [`A ${a.name}`, `B ${b.name}`, model.name, target, formatDuration(run.seconds)].join(" · ");
  const hasContrast = layers.some(({ contrast }) => contrast !== null);
  const rows = layers.map(({ layer, similarity, contrast, overlap }) => [
    String(layer),
    similarity.toFixed(3),
    bar(similarity, barWidth),
    ...(hasContrast ? [contrast?.toFixed(3) ?? ""] : []),
    overlap.toFixed(3),
    layer >= deep[0] && layer < deep[1] ? "deep" : "",
  ]);
  const columns = [
    { title: "layer" },
    { title: "similarity" },
    { title: "", align: "left" as const, style: (text: string) => style("cyan", text) },
    ...(hasContrast ? [{ title: "contrast" }] : []),
    { title: "overlap" },
    { title: "", align: "left" as const, style: (text: string) => style("dim", text) },
  ];
  return [
    style("bold", head),
    ...relevanceSentences(document),
    "",
    ...table(columns, rows, style),
    "",
    parting(document),
  ];
}

/** Relevance with its yardstick: by itself the figure misleads, as all texts of a model have much in common. */
export function relevanceSentences(document: ComparisonDocument): string[] {
  const { relevance, contrastRelevance, percentile, contrastPercentile, yardstick } = document;
  const [from, to] = document.deep;
  const where = to - from === 1 ? `the deep layer ${from}` : `the deep layers ${from} to ${to - 1}`;
  const against = (percent: number | null, median: number | undefined): string =>
    percent === null || median === undefined || yardstick === null
      ? ""
      : `, ${rankAmong(percent, yardstick.pairs)} on this model (their median is ${formatNumber(median)})`;
  return [
    `Relevance ${formatNumber(relevance)}: the mean similarity of ${where}${against(percentile, yardstick?.median)}.`,
    ...(contrastRelevance === null
      ? []
      : [
          `Contrast relevance ${formatNumber(contrastRelevance)}: without what all texts have in common${against(contrastPercentile, yardstick?.contrastMedian)}.`,
        ]),
  ];
}

function rankAmong(percent: number, pairs: number): string {
  if (percent === 100) return `more than any of ${pairs} pairs of unrelated texts`;
  if (percent === 0) return `less than any of ${pairs} pairs of unrelated texts`;
  return `more than ${Math.round(percent)} % of ${pairs} pairs of unrelated texts`;
}

/** The three matrices in which the two are least alike. */
function parting({ layers }: ComparisonDocument): string {
  const matrices = layers.flatMap(({ layer, modules }) => {
    const names = shortNames(modules.map(({ name }) => name));
    return modules.map(({ similarity }, index) => ({ layer, name: names[index], similarity }));
  });
  const least = matrices.sort((x, y) => x.similarity - y.similarity).slice(0, 3);
  const places = least.map(({ layer, name, similarity }) => `layer ${layer} ${name} (${formatNumber(similarity)})`);
  return `They differ most in ${places.join(", ")}.`;
}
