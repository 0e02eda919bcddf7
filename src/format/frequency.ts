import type { FrequencyDocument, FrequencyLayer } from "../engine/document/document";
import { extremes, printsMore } from "./claims";
import { formatFixed, formatShare } from "./numbers";
import { intraclassCorrelation } from "../engine/numbers/intraclass";

/* In how many samples weights are among the strongest: what terminal and view say of it alike. */

/** Numbers of samples `from` … `to`, as a column of a table. */
export interface Band {
  readonly title: string;
  readonly from: number;
  readonly to: number;
}

/** The bands that numbers of samples are shown in: none, quarters of the rest, all. */
export function bandsOf(samples: number): Band[] {
  const none = { title: "none", from: 0, to: 0 };
  const all = { title: samples === 1 ? "1" : `all ${samples}`, from: samples, to: samples };
  const between = samples - 1;
  const parts = Math.min(4, between);
  const middle = Array.from({ length: parts }, (_, part) => {
    const from = 1 + Math.floor((part * between) / parts);
    const to = Math.floor(((part + 1) * between) / parts);
    return { title: from === to ? String(from) : `${from}–${to}`, from, to };
  });
  return [none, ...middle, all];
}

/** The share of a layer's weights that are among the strongest in so many samples. */
export function shareIn({ counts }: FrequencyLayer, { from, to }: Pick<Band, "from" | "to">): number {
  return sum(counts.slice(from, to + 1)) / (sum(counts) || 1);
}

/** Shares of weights that 0 … n samples would have if each had them independently, with the same density: binomial. */
export function independentShares({ counts }: FrequencyLayer): number[] {
  const n = counts.length - 1;
  const density = counts.reduce((total, weights, k) => total + k * weights, 0) / (n * sum(counts));
  // of n over k, each from the one before: it grows past what a number holds
  let choose = 0;
  return counts.map((_, k) => {
    if (k > 0) choose += Math.log((n - k + 1) / k);
    const active = k > 0 ? k * Math.log(density) : 0;
    const passive = k < n ? (n - k) * Math.log1p(-density) : 0;
    return Math.exp(choose + active + passive);
  });
}

/** `0.42 % of the weights are among the strongest in every sample; by chance it would be 0.0001 %.` */
export function alwaysSentence({ layers, samples }: FrequencyDocument): string {
  const all = sum(layers.map(({ counts }) => sum(counts)));
  const always = sum(layers.map(({ counts }) => counts[samples] ?? 0));
  const chance = sum(layers.map((layer) => (independentShares(layer)[samples] ?? 0) * sum(layer.counts)));
  const shareOf = (weights: number): string => formatShare(all > 0 ? weights / all : 0);
  return `${shareOf(always)} of the weights are among the strongest in every sample; by chance it would be ${shareOf(chance)}.`;
}

/** How far samples agree on a layer's strongest weights, an intraclass correlation; null where there is no chance to. */
export function correlationOf({ icc, counts }: Pick<FrequencyLayer, "icc" | "counts">): number | null {
  return icc ?? intraclassCorrelation(counts);
}

/** `0.46`, `−0.01` */
export function formatCorrelation(correlation: number): string {
  return formatFixed(correlation, 2).replace(/^-/, "−");
}

/** In how many layers samples agree by more than chance, where most and where least; undefined where that is not known of any layer. */
export function clusteringSentence({ layers }: FrequencyDocument): string | undefined {
  return agreementAmong(
    layers.map((layer) => ({ place: `layer ${layer.layer}`, correlation: correlationOf(layer) })),
    {
      subject: "Samples agree on their strongest weights",
      among: (agreeing, known) => `In ${agreeing} of ${known} layers samples agree on their strongest weights`,
      every: "every layer",
    },
  );
}

/** How samples agree at places, how that is said of some of them, and what all of them are. */
interface AgreementWords {
  readonly subject: string;
  readonly among: (agreeing: number, known: number) => string;
  readonly every: string;
}

/** At how many places samples agree by more than chance, where most and where least; undefined where that is not known of any. */
export function agreementAmong(
  places: readonly { readonly place: string; readonly correlation: number | null }[],
  { subject, among, every }: AgreementWords,
): string | undefined {
  const known = places.flatMap(({ place, correlation }) => (correlation === null ? [] : [{ place, correlation }]));
  const found = extremes(known, ({ correlation }) => correlation);
  if (found === undefined) return undefined;
  const agreeing = known.filter(({ correlation }) => printsMore(formatCorrelation, correlation, 0)).length;
  const claim =
    agreeing === 0
      ? `${subject} no more than by chance`
      : `${agreeing === known.length ? subject : among(agreeing, known.length)} by more than chance`;
  const { most, least } = found;
  const [high, low] = [most, least].map(({ correlation }) => formatCorrelation(correlation));
  const where =
    high === low
      ? `${high} in ${known.length === 1 ? most.place : every}`
      : `${high} in ${most.place}, the most, and ${low} in ${least.place}, the least`;
  return `${claim}: the intraclass correlation is ${where} (0 is chance, 1 the same weights in every sample).`;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
