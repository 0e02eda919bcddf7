import type { DeactivationCurve, NeuronsDocument } from "../engine/document/document";
import { formatCount, formatDuration, formatNumber, formatShare } from "./numbers";

/* How many feed-forward neurons predictions can do without, in words and figures. */

export const criterionNames: Record<DeactivationCurve["criterion"], string> = {
  attribution: "attribution",
  size: "size of activation",
};

/** `16 samples · demo · 512 neurons a layer · 2,048 tokens · 4.2 s` */
export function neuronsTitle({ samples, model, neurons, run }: NeuronsDocument): string {
  const sources = new Set(samples.map(({ source }) => source));
  const [first] = sources;
  const tokens = samples.reduce((sum, sample) => sum + sample.tokens, 0);
  return [
    sources.size === 1 ? (first === "-" ? "standard input" : first) : `${formatCount(sources.size)} texts`,
    model.name,
    `${formatCount(neurons)} neurons a layer`,
    `${formatCount(samples.length)} ${samples.length === 1 ? "sample" : "samples"}`,
    `${formatCount(tokens)} ${tokens === 1 ? "token" : "tokens"}`,
    formatDuration(run.seconds),
  ].join(" · ");
}

/** How many can go by attribution, and whether size finds as many. */
export function toleratedSentences({ curves, kept, samples }: NeuronsDocument): string[] {
  const of = (wanted: DeactivationCurve["criterion"]) => curves.find(({ criterion }) => criterion === wanted);
  const [attribution, size] = [of("attribution"), of("size")];
  if (attribution === undefined || size === undefined) return [];
  const all = `${formatShare(kept)} of the next tokens of ${formatCount(samples.length)} ${samples.length === 1 ? "sample" : "samples"}`;
  const klAt = (curve: DeactivationCurve, share: number): string =>
    formatNumber(curve.points.find((point) => point.share === share)?.kl ?? NaN);
  const half = attribution.points.find(({ share }) => share === 0.5)?.share;
  return [
    attribution.tolerated > 0
      ? `${formatShare(attribution.tolerated)} of every layer's feed-forward neurons, those with the least attribution to a sample's prediction, can be deactivated with ${all} kept.`
      : `Not even ${formatShare(attribution.points[1]?.share ?? 0)} of every layer's feed-forward neurons, those with the least attribution to a sample's prediction, can be deactivated with ${all} kept.`,
    size.tolerated === attribution.tolerated
      ? "By the size of their activation it is as many."
      : `By the size of their activation it is ${formatShare(size.tolerated)}.`,
    ...(half === undefined
      ? []
      : [
          `With half of them deactivated KL(dense ‖ sparse) is ${klAt(attribution, half)} nats by attribution and ${klAt(size, half)} by size.`,
        ]),
  ];
}
