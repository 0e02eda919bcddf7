import type { FrequencyDocument } from "../../engine/document/document";
import { alwaysSentence, bandsOf, shareIn } from "../../format/frequency";
import { formatCount, formatDensity, formatShare } from "../../format/numbers";
import type { Style } from "../terminal/style";
import { table } from "../terminal/table";

/** In how many samples the parameters of each layer are among the strongest of their matrix. */
export function frequencyLines(document: FrequencyDocument, style: Style): string[] {
  const { layers, samples, share } = document;
  const bands = bandsOf(samples);
  const isClustered = layers.some(({ varianceRatio }) => varianceRatio !== null);
  const columns = [
    { title: "layer" },
    ...bands.map(({ title }) => ({ title })),
    ...(isClustered ? [{ title: "against chance" }] : []),
  ];
  const rows = layers.map((layer) => [
    String(layer.layer),
    ...bands.map((band) => formatDensity(shareIn(layer, band))),
    ...(isClustered ? [layer.varianceRatio === null ? "" : `${layer.varianceRatio.toFixed(1)} x`] : []),
  ]);
  return [
    `How many of the ${formatCount(samples)} samples have a weight among the strongest ${formatShare(share)} of its matrix:`,
    "",
    ...table(columns, rows, style),
    "",
    alwaysSentence(document),
    ...(isClustered
      ? [
          "Against chance: the variance of these numbers, as a multiple of that of weights that are active independently.",
        ]
      : []),
  ];
}
