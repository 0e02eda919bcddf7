import type { DeactivationCurve, NeuronsDocument } from "../engine/document/document";
import { printAlike } from "./claims";
import { formatCount, formatDensity, formatDuration, formatNumber, formatShare } from "./numbers";
import { elementAt } from "../engine/numbers/elements";
import { wilsonInterval } from "../engine/numbers/intervals";

/* How many feed-forward neurons predictions can do without, in words and figures. */

type Point = DeactivationCurve["points"][number];

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

/** How many of the samples' next tokens stay, and of what share of others like them that can be said (95 %, Wilson). */
export function stayingOf(
  { samples: { length: of } }: Pick<NeuronsDocument, "samples">,
  { share, agreement, stays = Math.round(agreement * of) }: Point,
): { stays: number; of: number; interval: [low: number, high: number] } {
  // with no neuron deactivated it is the model itself
  return { stays, of, interval: share === 0 ? [1, 1] : wilsonInterval(stays, of) };
}

/** `51 % to 100 %` */
export function intervalInWords([low, high]: readonly [number, number]): string {
  return `${formatShare(low)} to ${formatShare(high)}`;
}

/** How many can go by attribution, and whether size finds as many; how sure that is of other texts. */
export function toleratedSentences(document: NeuronsDocument): string[] {
  const { kept } = document;
  const curves = bothCurves(document);
  if (curves === undefined) return [];
  const { attribution, size } = curves;
  const shown =
    attribution.tolerated > 0
      ? pointAt(attribution, attribution.tolerated)
      : attribution.points.find(({ share }) => share > 0);
  if (shown === undefined) return [];
  const { stays, of, interval } = stayingOf(document, shown);
  const others = `of others like them ${intervalInWords(interval)} would (95 % interval)`;
  const which = `${formatShare(shown.share)} of every layer's feed-forward neurons`;
  const least = "those with the least attribution to a sample's prediction";
  return [
    attribution.tolerated > 0
      ? `${which}, ${least}, can be deactivated before fewer than ${formatShare(kept)} of these texts' next tokens stay: ${stays} of ${of} do; ${others}.`
      : `With ${which} deactivated, ${least}, fewer than ${formatShare(kept)} of these texts' next tokens stay: ${stays} of ${of} do; ${others}.`,
    bySizeSentence(document, attribution, size),
  ];
}

function bySizeSentence(document: NeuronsDocument, attribution: DeactivationCurve, size: DeactivationCurve): string {
  if (printAlike(formatShare, size.tolerated, attribution.tolerated))
    return size.tolerated > 0
      ? "By the size of their activation it is as many."
      : "By the size of their activation it is none either.";
  const share = Math.max(size.tolerated, attribution.tolerated);
  const [one, other] = [attribution, size].map((curve) => {
    const point = pointAt(curve, share);
    return point && stayingOf(document, point).interval;
  });
  const isSettled = one !== undefined && other !== undefined && (one[0] > other[1] || other[0] > one[1]);
  const rest = isSettled ? "" : ", a difference that so few samples do not settle";
  return `By the size of their activation it is ${formatShare(size.tolerated)}${rest}.`;
}

/** How many next tokens stay with half of the neurons. */
export function halfAgreementSentence(document: NeuronsDocument): string | undefined {
  const said = (point: Point, criterion: string) => {
    const { stays, of, interval } = stayingOf(document, point);
    return `${stays} of ${of} ${criterion} (${intervalInWords(interval)})`;
  };
  return halfSentence(
    document,
    (attribution, size) =>
      `the next token stays in ${said(attribution, "by attribution")} and ${said(size, "by size")}; in brackets the 95 % interval.`,
  );
}

/** How far the predictions move with half of the neurons. */
export function halfDivergenceSentence(document: NeuronsDocument): string | undefined {
  return halfSentence(
    document,
    (attribution, size) =>
      `the divergence from the whole model is ${formatNumber(attribution.kl)} by attribution and ${formatNumber(size.kl)} by size.`,
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

function halfSentence(
  document: NeuronsDocument,
  said: (attribution: Point, size: Point) => string,
): string | undefined {
  const curves = bothCurves(document);
  const [attribution, size] = [curves?.attribution, curves?.size].map((curve) => curve && pointAt(curve, 0.5));
  return attribution && size && `With half of the neurons deactivated ${said(attribution, size)}`;
}

function pointAt({ points }: DeactivationCurve, wanted: number): Point | undefined {
  return points.find(({ share }) => share === wanted);
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
