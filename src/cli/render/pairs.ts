import type { PairsDocument } from "../../engine/document/document";
import { formatCount, formatDuration } from "../../format/numbers";
import { intervalText, pairsSentences, rhoText, standingsOf } from "../../format/pairs";
import { rhoFinding } from "../../format/pairs-findings";
import { bar } from "../terminal/bar";
import type { Style } from "../terminal/style";
import { table } from "../terminal/table";
import { elementAt } from "../../engine/numbers/elements";

const barWidth = 20;

/** Head line, what the pairs show, what it is held against, and the table of layers. */
export function pairsLines(document: PairsDocument, style: Style): string[] {
  const { source, model, run, target, pairs, texts, deep, spearman, contrastSpearman, template } = document;
  const head = [source, `${formatCount(pairs.length)} pairs`, model.name, target, formatDuration(run.seconds)].join(
    " · ",
  );
  const rows = spearman.layers.map((rho, layer) => [
    String(layer),
    rhoText(rho),
    intervalText(elementAt(spearman.intervals, layer)),
    bar(Math.max(0, rho), barWidth),
    ...(contrastSpearman
      ? [rhoText(elementAt(contrastSpearman.layers, layer)), intervalText(elementAt(contrastSpearman.intervals, layer))]
      : []),
    layer >= deep[0] && layer < deep[1] ? "deep" : "",
  ]);
  const columns = [
    { title: "layer" },
    { title: "rho" },
    { title: "95 %" },
    { title: "", align: "left" as const, style: (text: string) => style("cyan", text) },
    ...(contrastSpearman ? [{ title: "contrast" }, { title: "95 %" }] : []),
    { title: "", align: "left" as const, style: (text: string) => style("dim", text) },
  ];
  return [
    style("bold", head),
    ...(template === null ? [] : [`Each of the ${formatCount(texts)} sentences stands in: ${template}`]),
    ...pairsSentences(document),
    "",
    ...standingsLines(document, style),
    ...table(columns, rows, style),
    rhoFinding(document, contrastSpearman !== null),
  ];
}

/** What follows the human scores how well; nothing in a result that has no more than its first two figures. */
function standingsLines(document: PairsDocument, style: Style): string[] {
  if (document.words === undefined) return [];
  const [first, ...others] = standingsOf(document);
  const cells = (value: number | undefined, interval: readonly [number, number] | undefined) =>
    value === undefined || interval === undefined ? ["", ""] : [rhoText(value), intervalText(interval)];
  const rows = [first, ...others].map(({ name, rho, interval, partial, below }) => [
    name,
    ...cells(rho, interval),
    ...cells(partial?.rho, partial?.interval),
    ...cells(below?.difference, below?.interval),
  ]);
  const figures = ["rho", "given tf-idf", `${first.name} above it`];
  const columns = [
    { title: "likeness by", align: "left" as const },
    ...figures.flatMap((title) => [{ title }, { title: "95 %" }]),
  ];
  return [...table(columns, rows, style), ""];
}
