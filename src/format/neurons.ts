import type { DeactivationCurve, NeuronsDocument } from "../engine/document/document";
import { printAlike } from "./claims";
import { formatCount, formatDensity, formatDuration, formatNumber, formatShare } from "./numbers";
import { elementAt } from "../engine/numbers/elements";

/* How many feed-forward neurons predictions can do without, in words and figures. */

export const criterionNames: Record<DeactivationCurve["criterion"], string> = {
  attribution: "attribution",
  size: "size of activation",
};

/** `3 texts · demo · 512 neurons a layer · 16 samples · 2,048 tokens · 4.2 s` */
export function neuronsTitle(document: NeuronsDocument): string {
  const { model, run } = document;
  const [texts, ...extent] = extentInWords(document);
  return [texts, model.name, ...extent, formatDuration(run.seconds)].join(" · ");
}

/** `3 texts`, `512 neurons a layer`, `16 samples`, `2,048 tokens`; of one text its name. */
export function extentInWords({ samples, neurons }: NeuronsDocument): [texts: string, ...extent: string[]] {
  const sources = new Set(samples.map(({ source }) => source));
  const [first] = sources;
  const tokens = samples.reduce((sum, sample) => sum + sample.tokens, 0);
  return [
    first !== undefined && sources.size === 1
      ? first === "-"
        ? "standard input"
        : first
      : `${formatCount(sources.size)} texts`,
    `${formatCount(neurons)} neurons a layer`,
    samplesInWords(samples.length),
    `${formatCount(tokens)} ${tokens === 1 ? "token" : "tokens"}`,
  ];
}

/** How many can go by attribution, and whether size finds as many. */
export function toleratedSentences(document: NeuronsDocument): string[] {
  const { kept, samples } = document;
  const curves = bothCurves(document);
  if (curves === undefined) return [];
  const { attribution, size } = curves;
  const all = `${formatShare(kept)} of the next tokens of ${samplesInWords(samples.length)}`;
  const least = attribution.points.find(({ share }) => share > 0)?.share;
  if (attribution.tolerated === 0 && least === undefined) return [];
  return [
    attribution.tolerated > 0
      ? `${formatShare(attribution.tolerated)} of every layer's feed-forward neurons, those with the least attribution to a sample's prediction, can be deactivated with ${all} kept.`
      : `Not even ${formatShare(least ?? 0)} of every layer's feed-forward neurons, those with the least attribution to a sample's prediction, can be deactivated with ${all} kept.`,
    printAlike(formatShare, size.tolerated, attribution.tolerated)
      ? size.tolerated > 0
        ? "By the size of their activation it is as many."
        : "By the size of their activation neither."
      : `By the size of their activation it is ${formatShare(size.tolerated)}.`,
  ];
}

/** How many next tokens stay with half of the neurons. */
export function halfAgreementSentence(document: NeuronsDocument): string | undefined {
  return halfSentence(document, (attribution, size) => {
    const [stay, staySize] = [formatShare(attribution.agreement), formatShare(size.agreement)];
    return `${stay} of the next tokens stay by attribution and ${staySize} by size.`;
  });
}

/** How far the predictions move with half of the neurons. */
export function halfDivergenceSentence(document: NeuronsDocument): string | undefined {
  return halfSentence(
    document,
    (attribution, size) =>
      `KL(dense ‖ sparse) is ${formatNumber(attribution.kl)} nats by attribution and ${formatNumber(size.kl)} by size.`,
  );
}

/** In how many of a layer's neurons nine tenths of its attribution are, and of the size. */
export function concentrationSentence({ layers }: NeuronsDocument): string {
  if (layers.length === 0) return "";
  const range = (criterion: DeactivationCurve["criterion"]): string => {
    const ordered = [...layers].sort((a, b) => a.concentration[criterion] - b.concentration[criterion]);
    const said = ({ layer, concentration }: NeuronsDocument["layers"][number]) =>
      `${formatDensity(concentration[criterion])} (layer ${layer})`;
    const [least, most] = [elementAt(ordered, 0), elementAt(ordered, ordered.length - 1)];
    const [low, high] = [least.concentration[criterion], most.concentration[criterion]];
    if (ordered.length > 1 && printAlike(formatDensity, low, high)) return formatDensity(low);
    return ordered.length === 1 ? said(least) : `${said(least)} to ${said(most)}`;
  };
  return `90 % of the attribution is in ${range("attribution")} of a layer's neurons, of the size in ${range("size")}.`;
}

type Point = DeactivationCurve["points"][number];

function halfSentence(
  document: NeuronsDocument,
  said: (attribution: Point, size: Point) => string,
): string | undefined {
  const curves = bothCurves(document);
  const half = (curve: DeactivationCurve | undefined) => curve?.points.find(({ share }) => share === 0.5);
  const [attribution, size] = [half(curves?.attribution), half(curves?.size)];
  return attribution && size && `With half of the neurons deactivated ${said(attribution, size)}`;
}

function bothCurves({
  curves,
}: NeuronsDocument): Record<DeactivationCurve["criterion"], DeactivationCurve> | undefined {
  const of = (wanted: DeactivationCurve["criterion"]) => curves.find(({ criterion }) => criterion === wanted);
  const [attribution, size] = [of("attribution"), of("size")];
  return attribution && size && { attribution, size };
}

function samplesInWords(samples: number): string {
  return `${formatCount(samples)} ${samples === 1 ? "sample" : "samples"}`;
}
