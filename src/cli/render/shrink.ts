import type { ShrinkDocument } from "../../engine/document/document";
import { inWords } from "../../format/bits";
import { formatCompact, formatCount, formatShare } from "../../format/numbers";
import {
  comparedShrinkWays,
  configurationSentence,
  goneInWords,
  goneSentence,
  leftSentences,
  scoreInWords,
  scoreTitle,
  shrinkCostSentences,
  shrinkFileSentences,
  shrinkTitle,
  shrinkWayInWords,
  shrinkWaysFinding,
  speedSentence,
} from "../../format/shrink";
import { taskSentences } from "../../format/tasks";
import { continuationLines } from "./continuation";
import type { Style } from "../terminal/style";
import { table } from "../terminal/table";

/** Head line, what went of each layer, what is left, what that costs, and what other ways do. */
export function shrinkLines(document: ShrinkDocument, style: Style): string[] {
  const { evaluation, compared, curve, continuation } = document;
  const written = shrinkFileSentences(document);
  const finding = shrinkWaysFinding(document);
  return [
    style("bold", shrinkTitle(document)),
    goneSentence(document),
    "",
    ...layersTable(document, style),
    "",
    ...leftSentences(document),
    speedSentence(document),
    configurationSentence(document),
    ...(evaluation === null ? [] : ["", ...shrinkCostSentences(evaluation)]),
    ...(document.tasks ? ["", ...taskSentences(document.tasks, "shrunk")] : []),
    ...(compared.length + curve.length === 0 ? [] : ["", ...waysTable(document, style)]),
    ...(finding === "" ? [] : ["", finding]),
    ...continuationLines(continuation, "shrunk", continuation?.shrunk),
    ...(written.length === 0 ? [] : ["", ...written]),
  ];
}

function layersTable(document: ShrinkDocument, style: Style): string[] {
  const { structure, layers } = document;
  const score = { title: scoreTitle(document) };
  const isScored = layers.some((layer) => layer.score !== null);
  if (structure === "layers")
    return table(
      [{ title: "layer" }, ...(isScored ? [score] : []), { title: "goes in step" }],
      layers.map((layer) => [
        String(layer.layer),
        ...(isScored ? [scoreInWords(document, layer.score)] : []),
        layer.step === null ? "" : String(layer.step),
      ]),
      style,
    );
  return table(
    [
      { title: "layer" },
      { title: structure },
      { title: "go" },
      ...(isScored ? [score] : []),
      { title: "which", align: "left" },
    ],
    layers.map(({ layer, units, gone, score: lost }) => [
      String(layer),
      formatCount(units),
      formatCount(gone.length),
      ...(isScored ? [scoreInWords(document, lost)] : []),
      goneInWords(gone),
    ]),
    style,
  );
}

function waysTable(document: ShrinkDocument, style: Style): string[] {
  const { structure, curve } = document;
  const isCurve = curve.length > 0;
  return table(
    [
      ...(isCurve ? [{ title: `${structure} gone` }, { title: "parameters" }] : []),
      { title: "chosen by", align: "left" },
      { title: "divergence", align: "left" },
      { title: "perplexity", align: "left" },
      { title: "same token" },
    ],
    comparedShrinkWays(document).map(({ by, removed, parameters, divergence, perplexity, agreement }) => [
      ...(isCurve ? [formatCount(removed), formatCompact(parameters)] : []),
      shrinkWayInWords[by],
      inWords(divergence),
      perplexity,
      formatShare(agreement),
    ]),
    style,
  );
}
