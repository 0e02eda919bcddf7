import type { PairsDocument } from "../../engine/document/document";
import { formatCount, formatDuration, formatFixed } from "../../format/numbers";
import { intervalText, pairsSentences } from "../../format/pairs";
import { bar } from "../terminal/bar";
import type { Style } from "../terminal/style";
import { table } from "../terminal/table";
import { elementAt } from "../../engine/numbers/elements";

const barWidth = 20;

/** Head line, rho over the deep layers with its interval, and the table of layers. */
export function pairsLines(document: PairsDocument, style: Style): string[] {
  const { source, model, run, target, pairs, texts, deep, spearman, contrastSpearman, template } = document;
  const head = [source, `${formatCount(pairs.length)} pairs`, model.name, target, formatDuration(run.seconds)].join(
    " · ",
  );
  const rows = spearman.layers.map((rho, layer) => [
    String(layer),
    formatFixed(rho, 3),
    intervalText(elementAt(spearman.intervals, layer)),
    bar(Math.max(0, rho), barWidth),
    ...(contrastSpearman
      ? [
          formatFixed(elementAt(contrastSpearman.layers, layer), 3),
          intervalText(elementAt(contrastSpearman.intervals, layer)),
        ]
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
    ...table(columns, rows, style),
  ];
}
