import type { FrequencyDocument, FrequencyLayer } from "../engine/document/document";
import { extremes, printAlike } from "./claims";
import { correlationOf, formatCorrelation, independentShares, shareIn } from "./frequency";
import { formatDensity } from "./numbers";
import { elementAt } from "../engine/numbers/elements";

/* What each chart shows, in figures of its own. */

/** The layers whose weights most and least often are among the strongest in every sample. */
export function layersFinding({ layers, samples }: FrequencyDocument): string {
  const found = extremes(
    layers.map((layer) => ({ layer: layer.layer, share: shareIn(layer, { from: samples, to: samples }) })),
    ({ share }) => share,
  );
  if (found === undefined) return "";
  const { most, least } = found;
  if (printAlike(formatDensity, most.share, least.share))
    return `Of every layer ${formatDensity(most.share)} of the weights are among the strongest in every sample.`;
  return (
    `Of layer ${most.layer}, ${formatDensity(most.share)} of the weights are among the strongest in every sample, the most of all layers; ` +
    `of layer ${least.layer}, ${formatDensity(least.share)}, the least.`
  );
}

/** Both ends of the distribution, observed and by chance. */
export function distributionFinding(layer: FrequencyLayer, samples: number): string {
  const chance = independentShares(layer);
  const said = (times: number) =>
    `${formatDensity(shareIn(layer, { from: times, to: times }))} (by chance ${formatDensity(elementAt(chance, times))})`;
  const correlation = correlationOf(layer);
  const clustered =
    correlation === null
      ? ""
      : ` The intraclass correlation of the samples is ${formatCorrelation(correlation)} (0 is chance).`;
  return `Of layer ${layer.layer}, ${said(0)} of the weights are among the strongest in no sample, ${said(samples)} in every one.${clustered}`;
}
