import type { ComparisonDocument } from "../../engine/document/document";
import { bar } from "../terminal/bar";
import { partingSentence, relevanceSentences } from "../../format/comparison";
import { expertsPartSentences, furthestApart } from "../../format/compared-experts";
import { formatDensity, formatDuration } from "../../format/numbers";
import type { Style } from "../terminal/style";
import { table } from "../terminal/table";

const barWidth = 20;
/** Experts that are named. */
const FURTHEST = 8;

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
    partingSentence(document),
    ...expertLines(document, style),
  ];
}

/** The experts to which A and B send their tokens most differently; nothing of a model without experts. */
function expertLines(document: ComparisonDocument, style: Style): string[] {
  const sentences = expertsPartSentences(document);
  if (sentences.length === 0) return [];
  const furthest = furthestApart(document, FURTHEST);
  const titles = ["layer", "expert", "tokens A", "tokens B", "activation A", "activation B", "similarity"];
  const rows = furthest.map(({ layer, expert, share, part, similarity }) => [
    String(layer),
    String(expert),
    ...[share.a, share.b, part.a, part.b].map(formatDensity),
    similarity.toFixed(3),
  ]);
  return [
    "",
    ...(rows.length === 0
      ? []
      : [
          style("bold", "Experts whose shares of tokens differ most, with their part of all activation"),
          "",
          ...table(
            titles.map((title) => ({ title })),
            rows,
            style,
          ),
          "",
        ]),
    ...sentences,
  ];
}
