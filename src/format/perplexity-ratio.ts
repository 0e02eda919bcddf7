import { elementAt, zip } from "../engine/numbers/elements";
import { holmCorrected } from "../engine/numbers/holm";
import {
  batchMeans,
  chanceOf,
  intervalAround,
  uncertainMean,
  type UncertainMean,
  weightedMean,
} from "../engine/numbers/weighted-mean";
import { formatNumber, formatShare } from "./numbers";

/*
 * How much more or less perplexity one model has than another, and how far that varies with the text. Both predicted the same
 * windows, so that the ratio is exp of a mean of differences, and how hard a window is by itself has no part in its interval.
 */

/** Perplexities of pruned models that differ by less do so by rounding alone. */
const ROUNDING = 0.02;

/**
 * Calibrations with texts of one kind differ by up to 4 %: two halves of a set of WikiText articles, cut at random twenty times, on the bundled
 * model. Where each kind calibrates once, a difference between kinds must be more than that.
 */
export const OF_ONE_KIND = 0.05;

/** Of fewer windows no interval is given: that of two is as wide as if nothing were known. */
const LEAST_WINDOWS = 3;

/**
 * Consecutive windows are joined to at most so many stretches of the text: what pruning costs is alike in windows of one article. On
 * WikiText, 128 windows taken one by one give intervals that hold the ratio of the whole text 69 times of 100, eight stretches of them 88 times.
 */
const MOST_BATCHES = 8;

/** How often a test finds something where nothing is. */
const LEVEL = 0.05;

/** Why one is not said to be less than the other. */
export const WITHIN_CHANCE = "within what windows and rounding vary";

/** The perplexity of one model by that of another. */
export interface PerplexityRatio {
  readonly ratio: number;
  /** The logarithm of the ratio, from how windows differ; or why it is not known how far it varies. */
  readonly logarithm: UncertainMean | "few windows" | "windows not kept";
}

/** Mean negative log-likelihoods of windows, in nats; undefined: they were not kept. */
export type Losses = readonly number[] | undefined;

/**
 * One model's perplexity by another's.
 * @param losses of both, of the same windows.
 * @param tokens how many each window predicts.
 * @param ratio what is known where windows were not kept.
 */
export function perplexityRatio(
  [model, other]: readonly [Losses, Losses],
  tokens: readonly number[] | undefined,
  ratio: number,
): PerplexityRatio {
  if (model === undefined || other === undefined || tokens === undefined)
    return { ratio, logarithm: "windows not kept" };
  const differences = zip(model, other).map(([loss, than]) => loss - than);
  if (differences.length < LEAST_WINDOWS)
    return { ratio: Math.exp(weightedMean(differences, tokens)), logarithm: "few windows" };
  const batches = batchMeans(differences, tokens, MOST_BATCHES);
  const logarithm = uncertainMean(batches.means, batches.weights);
  return { ratio: Math.exp(logarithm.mean), logarithm };
}

/** The interval of 95 % of a ratio, where there is one. */
export function intervalOf({ logarithm }: PerplexityRatio): readonly [low: number, high: number] | undefined {
  if (typeof logarithm === "string") return undefined;
  const [low, high] = intervalAround(logarithm);
  return [Math.exp(low), Math.exp(high)];
}

/** The perplexity is certainly less or more; null: within chance, or not known. */
export type Verdict = "less" | "more" | null;

/**
 * Which of several ratios are certainly not 1, and by at least `least`, which is what rounding makes where nothing else is known to. They are corrected for their number: where all are
 * 1, even one is called another at most 5 times of 100.
 */
export function verdicts(ratios: readonly PerplexityRatio[], least = ROUNDING): Verdict[] {
  const corrected = holmCorrected(
    ratios.map(({ logarithm }) => (typeof logarithm === "string" ? 1 : chanceOf(logarithm))),
  );
  return zip(ratios, corrected).map(([{ ratio }, p]) => {
    const isTooLittle = Math.max(ratio, 1 / ratio) - 1 < least;
    return p >= LEVEL || isTooLittle ? null : ratio < 1 ? "less" : "more";
  });
}

/** `1.42 × dense (1.38 to 1.46)` */
export function timesInWords(ratio: PerplexityRatio, what: string): string {
  return `${formatNumber(ratio.ratio)} × ${what}${beside(intervalOf(ratio), formatNumber)}`;
}

/** `1.42 (1.38 to 1.46)` */
export function timesInColumn(ratio: PerplexityRatio): string {
  return `${formatNumber(ratio.ratio)}${beside(intervalOf(ratio), formatNumber)}`;
}

/** `4.2 % less (3.1 % to 5.3 %)` */
export function changeInWords(ratio: PerplexityRatio): string {
  if (ratio.ratio === 1) return "no difference";
  const isLess = ratio.ratio < 1;
  const share = (value: number): number => (isLess ? 1 - value : value - 1);
  const ends = intervalOf(ratio)
    ?.map(share)
    .sort((a, b) => a - b);
  const interval = ends && ([elementAt(ends, 0), elementAt(ends, 1)] as const);
  return `${formatShare(share(ratio.ratio))} ${isLess ? "less" : "more"}${beside(interval, signedShare)}`;
}

/** Why a ratio has no interval; empty where it has one. */
export function withoutInterval({ logarithm }: PerplexityRatio): string {
  if (logarithm === "few windows") return `fewer than ${LEAST_WINDOWS} windows give no interval`;
  return logarithm === "windows not kept" ? "there is no interval, since single windows were not kept" : "";
}

function beside(interval: readonly [number, number] | undefined, format: (value: number) => string): string {
  return interval === undefined ? "" : ` (${interval.map(format).join(" to ")})`;
}

function signedShare(share: number): string {
  return `${share < 0 ? "−" : ""}${formatShare(Math.abs(share))}`;
}
