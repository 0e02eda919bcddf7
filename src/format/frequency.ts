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
  // each from the one before: n over k grows past what a number holds
  const logOf = (k: number): number =>
    Array.from({ length: k }, (_, i) => Math.log((n - i) / (i + 1))).reduce((total, value) => total + value, 0) +
    (k > 0 ? k * Math.log(density) : 0) +
    (k < n ? (n - k) * Math.log1p(-density) : 0);
  return counts.map((_, k) => Math.exp(logOf(k)));
}

/** `0.42 % of the weights are among the strongest in every sample.` */
export function alwaysSentence({ layers, samples }: FrequencyDocument): string {
  const all = sum(layers.map(({ counts }) => sum(counts)));
  const always = sum(layers.map(({ counts }) => counts[samples] ?? 0));
  return `${formatShare(all > 0 ? always / all : 0)} of the weights are among the strongest in every sample.`;
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
  const known = layers.flatMap((layer) => {
    const correlation = correlationOf(layer);
    return correlation === null ? [] : [{ layer: layer.layer, correlation }];
  });
  const found = extremes(known, ({ correlation }) => correlation);
  if (found === undefined) return undefined;
  const agreeing = known.filter(({ correlation }) => printsMore(formatCorrelation, correlation, 0)).length;
  const claim =
    agreeing === 0
      ? "Samples agree on their strongest weights no more than by chance"
      : agreeing === known.length
        ? "Samples agree on their strongest weights by more than chance"
        : `In ${agreeing} of ${known.length} layers samples agree on their strongest weights by more than chance`;
  const { most, least } = found;
  const [high, low] = [most, least].map(({ correlation }) => formatCorrelation(correlation));
  const where =
    high === low
      ? `${high} in ${known.length === 1 ? `layer ${most.layer}` : "every layer"}`
      : `${high} in layer ${most.layer}, the most, and ${low} in layer ${least.layer}, the least`;
  return `${claim}: the intraclass correlation is ${where} (0 is chance, 1 the same weights in every sample).`;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
