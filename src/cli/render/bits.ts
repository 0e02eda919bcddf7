import type { BitsDocument } from "../../engine/document/document";
import { formatBytes } from "../../engine/numbers/bytes";
import {
  bitsTitle,
  choiceInWords,
  comparedWays,
  costSentences,
  fileSentences,
  formatBits,
  formatsSentence,
  inWords,
  sizeSentence,
  waysFinding,
} from "../../format/bits";
import { bitsGrid } from "../../format/bits-grid";
import { formatNumber, formatShare } from "../../format/numbers";
import { taskSentences } from "../../format/tasks";
import { continuationLines } from "./continuation";
import type { Style } from "../terminal/style";
import { table } from "../terminal/table";

/** Head line, which format each matrix has, what that costs, and what other ways do. */
export function bitsLines(document: BitsDocument, style: Style): string[] {
  const { evaluation, continuation } = document;
  const { titles, rows, outside } = bitsGrid(document);
  const ways = comparedWays(document);
  const written = fileSentences(document);
  return [
    style("bold", bitsTitle(document)),
    sizeSentence(document),
    formatsSentence(document),
    "",
    ...table(
      [{ title: "layer" }, ...titles.map((title) => ({ title }))],
      rows.map(({ layer, tensors }) => [String(layer), ...tensors.map((tensor) => tensor?.format ?? "")]),
      style,
    ),
    ...outside.map(({ module, format }) => `${outsideName(module)} ${format}`),
    ...(evaluation === null ? [] : ["", ...costSentences(evaluation)]),
    ...(document.tasks ? ["", ...taskSentences(document.tasks, "quantised")] : []),
    ...(ways.length < 2 ? [] : ["", ...waysTable(ways, style), ...sentence(waysFinding(document))]),
    ...continuationLines(continuation, "quantised", continuation?.quantized),
    ...(written.length === 0 ? [] : ["", ...written]),
  ];
}

function waysTable(ways: ReturnType<typeof comparedWays>, style: Style): string[] {
  return table(
    [
      { title: "bits" },
      { title: "size" },
      { title: "chosen by", align: "left" },
      { title: "divergence", align: "left" },
      { title: "perplexity" },
      { title: "same token" },
    ],
    ways.map((way) => [
      formatBits(way.bitsPerWeight),
      formatBytes(way.bytes),
      choiceInWords(way),
      inWords(way.divergence),
      formatNumber(way.perplexity),
      formatShare(way.agreement),
    ]),
    style,
  );
}

const outsideName = (module: string): string =>
  module === "head" ? "head" : module === "embedding" ? "embedding" : "embeddings of layers";

const sentence = (text: string): string[] => (text === "" ? [] : ["", text]);
