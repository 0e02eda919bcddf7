import type { Imatrix } from "../../engine/quantize/imatrix/imatrix";
import type { LayerStatistics } from "../../engine/quantize/imatrix/statistics";
import { plural } from "../../engine/numbers/plural";
import { formatCount, formatFixed, formatNumber, formatShare } from "../../format/numbers";
import { quote } from "../../engine/model/formats/quote";
import type { Style } from "../terminal/style";
import { table } from "../terminal/table";

/** Of texts only so many are named. */
const MOST_NAMED = 4;

/** What an importance matrix is of, and a line for each layer. */
export function imatrixLines(
  { entries, datasets, chunks, chunkSize }: Imatrix & { readonly chunks: number },
  layers: readonly LayerStatistics[],
  style: Style,
): string[] {
  const tokens = Math.max(...[...entries.values()].map(({ counts }) => counts.reduce((a, b) => Math.max(a, b), 0)));
  const named = datasets.slice(0, MOST_NAMED).map((name) => quote(name));
  const more = datasets.length - named.length;
  const of = named.length === 0 ? "" : `: ${named.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
  return [
    style(
      "bold",
      `Importance of the inputs of ${formatCount(entries.size)} ${plural(entries.size, "tensor", "tensors")}, from ${formatCount(tokens)} ${plural(tokens, "token", "tokens")} (${formatCount(chunks)} ${plural(chunks, "chunk", "chunks")} of ${formatCount(chunkSize)})${of}`,
    ),
    "",
    ...table(
      [
        { title: "layer" },
        { title: "tensors" },
        { title: "mean square" },
        { title: "largest" },
        { title: "evenness" },
        { title: "far off" },
        { title: "active" },
        { title: "like the layer before" },
      ],
      layers.map((layer) => [
        String(layer.layer),
        formatCount(layer.tensors),
        formatNumber(layer.mean),
        formatNumber(layer.most),
        formatShare(layer.evenness),
        formatShare(layer.farOff),
        formatShare(layer.active),
        layer.likeBefore === null ? "" : formatFixed(layer.likeBefore, 3),
      ]),
      style,
    ),
    "",
    ...EXPLAINED.map((line) => style("dim", line)),
  ];
}

const EXPLAINED = [
  "Mean square, largest: of what enters a column of the layer's matrices, over all tokens.",
  "Evenness: 100 % where all columns have the same, near 0 % where one has all (entropy).",
  "Far off: columns further from the mean than a standard deviation. Active: columns above 0.00001.",
  "Like the layer before: the cosine between both layers' columns, 1 where they are alike.",
];
