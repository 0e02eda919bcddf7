import type { PatchingDocument } from "../../engine/document/document";
import { formatDuration, formatFixed } from "../../format/numbers";
import { answersSentence, carriedSentence, siteInWords } from "../../format/patching";
import type { Style } from "../terminal/style";
import { table } from "../terminal/table";
import { elementAt, zip } from "../../engine/numbers/elements";

/** Head line, answers, the grid with a row per position, and the places that carry most of A's answer. */
export function patchingLines(document: PatchingDocument, style: Style): string[] {
  const { a, b, model, run, site, grid, values } = document;
  const carried = carriedSentence(document);
  const head = [`A ${a.source}`, `B ${b.source}`, model.name, siteInWords[site], formatDuration(run.seconds)].join(
    " · ",
  );
  const shown = grid ?? values;
  const layers = shown.map((_, layer) => layer);
  const rows = zip(a.tokens, b.tokens).map(([ofA, ofB], position) => [
    String(position),
    JSON.stringify(ofA.text),
    JSON.stringify(ofB.text),
    ...shown.map((layer) => formatFixed(elementAt(layer, position), 2)),
  ]);
  const columns = [
    { title: "" },
    { title: "A", align: "left" as const },
    { title: "B", align: "left" as const },
    ...layers.map((layer) => ({ title: String(layer) })),
  ];
  return [
    style("bold", head),
    answersSentence(document),
    grid === null
      ? "The two runs do not differ in these answers; the difference of their logits, by layer and position:"
      : "How much of A's answer B gives with A's activations in one place: 0 as B by itself, 1 as A by itself. By layer and position:",
    "",
    ...table(columns, rows, style),
    ...(carried === undefined ? [] : ["", carried]),
  ];
}
