import type { FrequencyDocument } from "../../engine/document/document";
import { zip } from "../../engine/numbers/elements";
import { countedExperts, countedExpertsSentences } from "../../format/counted-experts";
import { alwaysSentence, bandsOf, correlationOf, formatCorrelation, shareIn } from "../../format/frequency";
import { formatCount, formatDensity, formatShare } from "../../format/numbers";
import type { Style } from "../terminal/style";
import { table } from "../terminal/table";
import { expertsTable } from "./experts-table";

/** In how many samples the parameters of each layer are among the strongest of their matrix. */
export function frequencyLines(document: FrequencyDocument, style: Style, width: number): string[] {
  const { layers, samples, share } = document;
  const bands = bandsOf(samples);
  const correlations = layers.map(correlationOf);
  const isKnown = correlations.some((correlation) => correlation !== null);
  const columns = [
    { title: "layer" },
    ...bands.map(({ title }) => ({ title })),
    ...(isKnown ? [{ title: "ICC" }] : []),
  ];
  const rows = zip(layers, correlations).map(([layer, correlation]) => [
    String(layer.layer),
    ...bands.map((band) => formatDensity(shareIn(layer, band))),
    ...(isKnown ? [correlation === null ? "" : formatCorrelation(correlation)] : []),
  ]);
  return [
    `How many of the ${formatCount(samples)} samples have a weight among the strongest ${formatShare(share)} of its matrix:`,
    "",
    ...table(columns, rows, style),
    "",
    alwaysSentence(document),
    ...(isKnown
      ? [
          "ICC: how far samples agree on which weights those are, an intraclass correlation. 0 is chance, 1 the same weights in every sample.",
        ]
      : []),
    ...expertLines(document, style, width),
  ];
}

/** The table of experts by the share of samples that reach each, and what is counted of them. Empty where there are none. */
function expertLines(document: FrequencyDocument, style: Style, width: number): string[] {
  const all = countedExperts(document);
  const layers = document.layers.map((layer) => ({
    ...layer,
    experts: all.filter((expert) => expert.layer === layer.layer),
  }));
  const titles = { title: "Share of samples that reach each expert", most: "experts that the most samples reach" };
  const lines = expertsTable(layers, titles, style, width);
  return lines.length === 0 ? [] : ["", ...lines, "", ...countedExpertsSentences(document)];
}
