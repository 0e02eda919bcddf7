import type { FrequencyDocument } from "../../engine/document/document";
import { zip } from "../../engine/numbers/elements";
import { alwaysSentence, bandsOf, correlationOf, formatCorrelation, shareIn } from "../../format/frequency";
import { formatCount, formatDensity, formatShare } from "../../format/numbers";
import type { Style } from "../terminal/style";
import { table } from "../terminal/table";

/** In how many samples the parameters of each layer are among the strongest of their matrix. */
export function frequencyLines(document: FrequencyDocument, style: Style): string[] {
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
  ];
}
