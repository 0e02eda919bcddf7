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
  return [style("bold", head), relevanceSentence(document), "", ...table(columns, rows, style), "", parting(document)];
}

function relevanceSentence({ relevance, percentile, deep: [from, to] }: ComparisonDocument): string {
  const where = to - from === 1 ? `the deep layer ${from}` : `the deep layers ${from} to ${to - 1}`;
  const yardstick =
    percentile === null ? "" : `, more than ${formatNumber(percentile)} % of unrelated pairs of texts on this model`;
  return `Relevance ${formatNumber(relevance)}: the mean similarity of ${where}${yardstick}.`;
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
