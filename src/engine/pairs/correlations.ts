import { relevance } from "../compare/deep-layers";
import type { PairsDocument, SpearmanDescription } from "../document/document";
import { combined, intervalOf, RESAMPLES, resampledSpearman, type Estimate } from "../numbers/bootstrap";
import { elementAt } from "../numbers/elements";
import { partialCorrelation } from "../numbers/spearman";
import { bestLayer } from "./best-layer";
import type { WordLikeness } from "./words";

/** How alike the sentences of each pair are, by people and by all that is held against them. */
export interface Likenesses extends WordLikeness {
  readonly scores: readonly number[];
  /** The paper's similarity: per layer that of each pair. */
  readonly plain: readonly (readonly number[])[];
  /** Contrast similarity, where it was asked for. */
  readonly contrast: readonly (readonly number[])[] | undefined;
  /** The cosine of centred hidden states. */
  readonly hidden: readonly (readonly number[])[];
}

/**
 * How the likenesses rank with the scores, each by itself and beside the others: Spearman's rho, what of it is left given the tf-idf
 * cosine, and by how much one is above another. All are of the same resamples of the pairs, so that differences are paired.
 */
export function correlationsOf(
  { scores, plain, contrast, hidden, jaccard, tfidf }: Likenesses,
  { deep, seed }: { readonly deep: readonly [number, number]; readonly seed: number },
): Pick<PairsDocument, "spearman" | "contrastSpearman" | "hiddenSpearman" | "words" | "seed" | "resamples"> {
  const deepMeans = (layers: readonly (readonly number[])[]): number[] =>
    scores.map((_, pair) =>
      relevance(
        layers.map((layer) => elementAt(layer, pair)),
        deep,
      ),
    );
  const within = (estimate: Estimate, most: number): [low: number, high: number] =>
    scores.length < FEWEST_PAIRS ? [-most, most] : intervalOf(estimate);
  const correlation = (estimate: Estimate) => ({ rho: estimate.value, interval: within(estimate, 1) });
  const difference = (one: Estimate, other: Estimate) => {
    const found = combined((a, b) => a - b, one, other);
    return { difference: found.value, interval: within(found, 2) };
  };
  const rhoOf = (values: readonly number[], other = scores): Estimate =>
    elementAt(resampledSpearman([values], other, seed), 0);
  const rho = {
    jaccard: rhoOf(jaccard),
    tfidf: rhoOf(tfidf),
    hidden: rhoOf(deepMeans(hidden)),
    similarity: rhoOf(deepMeans(plain)),
  };

  const describe = (
    layers: readonly (readonly number[])[],
    others: readonly (keyof typeof rho)[],
  ): SpearmanDescription => {
    const means = deepMeans(layers);
    const own = rhoOf(means);
    const partial = combined(partialCorrelation, own, rhoOf(means, tfidf), rho.tfidf);
    const perLayer = resampledSpearman(layers, scores, seed);
    return {
      deep: own.value,
      interval: within(own, 1),
      layers: perLayer.map(({ value }) => value),
      intervals: perLayer.map((estimate) => within(estimate, 1)),
      partial: correlation(partial),
      over: Object.fromEntries(others.map((other) => [other, difference(own, rho[other])])),
      best: bestLayer(layers, scores, seed),
    };
  };

  return {
    spearman: describe(plain, ["jaccard", "tfidf", "hidden"]),
    contrastSpearman: contrast ? describe(contrast, ["jaccard", "tfidf", "hidden", "similarity"]) : null,
    hiddenSpearman: describe(hidden, ["jaccard", "tfidf"]),
    words: { jaccard: correlation(rho.jaccard), tfidf: correlation(rho.tfidf) },
    seed,
    resamples: RESAMPLES,
  };
}

/** Pairs from which on resamples tell how much a rho varies. Of fewer it is only known to be a rho. */
const FEWEST_PAIRS = 8;
