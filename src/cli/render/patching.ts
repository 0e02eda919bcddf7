import type { PatchingDocument } from "../../engine/document/document";
import { formatDuration, formatNumber, formatShare } from "../../format/numbers";
import type { Style } from "../terminal/style";
import { table } from "../terminal/table";

const SITES = {
  residual: "the residual stream behind a layer",
  attention: "what a layer's attention adds",
  mlp: "what a layer's feed-forward part adds",
} as const;
/** Places that are named. */
const STRONGEST = 3;

/** Head line, answers, the grid with a row per position, and the places that carry most of A's answer. */
export function patchingLines(document: PatchingDocument, style: Style): string[] {
  const { a, b, model, run, site, answers, grid, values } = document;
  const head = [`A ${a.source}`, `B ${b.source}`, model.name, SITES[site], formatDuration(run.seconds)].join(" · ");
  const shown = grid ?? values;
  const layers = shown.map((_, layer) => layer);
  const rows = b.tokens.map((token, position) => [
    String(position),
    JSON.stringify(a.tokens[position].text),
    JSON.stringify(token.text),
    ...layers.map((layer) => shown[layer][position].toFixed(2)),
  ]);
  const columns = [
    { title: "" },
    { title: "A", align: "left" as const },
    { title: "B", align: "left" as const },
    ...layers.map((layer) => ({ title: String(layer) })),
  ];
  return [
    style("bold", head),
    `A answers ${answerOf(a, answers.a)}, B ${answerOf(b, answers.b)}.`,
    grid === null
      ? "The two runs do not differ in these answers; the difference of their logits, by layer and position:"
      : "How much of A's answer B gives with A's activations in one place: 0 as B by itself, 1 as A by itself. By layer and position:",
    "",
    ...table(columns, rows, style),
    ...(grid === null ? [] : ["", strongest(document, grid)]),
  ];
}

function answerOf({ nextTokens }: PatchingDocument["a"], { id, text }: { id: number; text: string }): string {
  const found = nextTokens.find((token) => token.id === id);
  return found === undefined ? JSON.stringify(text) : `${JSON.stringify(text)} (${formatShare(found.probability)})`;
}

/** The last position carries all of it in the last layer, whatever the prompts: where it was before is the question. */
function strongest({ b }: PatchingDocument, grid: readonly (readonly number[])[]): string {
  const places = grid
    .flatMap((row, layer) => row.slice(0, -1).map((value, position) => ({ layer, position, value })))
    .sort((x, y) => y.value - x.value)
    .slice(0, STRONGEST)
    .map(
      ({ layer, position, value }) =>
        `layer ${layer} at ${JSON.stringify(b.tokens[position].text)} (position ${position}, ${formatNumber(value)})`,
    );
  return places.length === 0 ? "" : `Before the last position most of it is carried by ${places.join(", ")}.`;
}
