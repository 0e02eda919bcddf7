import type { ModelsDocument } from "../../engine/document/document";
import { answerInWords, formatRelative, formatUsage, predictionsByMove, sampleName } from "../../format/models";
import { activationsFinding, modelsSentences, othersSentence } from "../../format/models-findings";
import { nameOfTexts } from "../../format/name-of-texts";
import { formatDensity, formatDuration, formatNumber } from "../../format/numbers";
import { bar } from "../terminal/bar";
import type { Style } from "../terminal/style";
import { table } from "../terminal/table";

const barWidth = 20;
/** Samples whose predictions are printed, those that moved most. */
const SHOWN = 10;

/** Head line, what was changed and used, the table of layers, and the predictions that moved most. */
export function modelsLines(document: ModelsDocument, style: Style): string[] {
  const { model, modelB, samples, target, run } = document;
  const head = [`A ${model.name}`, `B ${modelB.name}`, nameOfTexts(samples), target, formatDuration(run.seconds)];
  const others = othersSentence(document);
  return [
    style("bold", head.join(" · ")),
    ...modelsSentences(document),
    "",
    ...layerTable(document, style),
    "",
    activationsFinding(document),
    ...(others === "" ? [] : [others]),
    "",
    ...predictionTable(document, style),
  ];
}

function layerTable({ layers }: ModelsDocument, style: Style): string[] {
  const most = Math.max(...layers.map(({ relative }) => relative ?? 0));
  return table(
    [
      { title: "layer" },
      { title: "‖ΔW‖/‖W‖" },
      { title: "", align: "left", style: (text) => style("cyan", text) },
      { title: "changed" },
      { title: "0 in B" },
      { title: "counts" },
      { title: "similarity" },
      { title: "overlap" },
    ],
    layers.map(({ layer, relative, changed, zeroed, parameters, usage, similarity, overlap }) => [
      String(layer),
      formatRelative(relative),
      bar(most > 0 ? (relative ?? 0) / most : 0, barWidth),
      formatDensity(changed / parameters),
      formatDensity(zeroed / parameters),
      usage === null ? formatUsage(usage) : `${formatUsage(usage)}×`,
      similarity.toFixed(3),
      overlap.toFixed(3),
    ]),
    style,
  );
}

function predictionTable(document: ModelsDocument, style: Style): string[] {
  const moved = predictionsByMove(document);
  const shown = moved.slice(0, SHOWN);
  const rows = shown.map(({ index, sample, prediction: { kl, b } }) => [
    sampleName(document, index),
    formatNumber(kl),
    answerInWords(sample.nextTokens),
    answerInWords(b.nextTokens),
  ]);
  const columns = [
    { title: "next token of", align: "left" as const },
    { title: "KL" },
    { title: "A", align: "left" as const },
    { title: "B", align: "left" as const },
  ];
  const rest = moved.length - shown.length;
  return [...table(columns, rows, style), ...(rest > 0 ? [`… and ${rest} more, of which less moved.`] : [])];
}
