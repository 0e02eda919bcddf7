import { describe, expect, test } from "vitest";
import { randomNumbers } from "../../../src/engine/numbers/random";
import { spearman } from "../../../src/engine/numbers/spearman";
import { bestLayer } from "../../../src/engine/pairs/best-layer";
import { correlationsOf } from "../../../src/engine/pairs/correlations";
import { baselines } from "../support/pairs-baselines";
import { normalNumbers } from "../support/simulated-texts";

describe("correlations of pairs", () => {
  const { scores, tfidf, jaccard, length } = baselines;
  const options = { deep: [0, 2] as const, seed: 0 };
  const of = { scores, tfidf, jaccard, plain: [length, length], contrast: [tfidf, tfidf], hidden: [length, length] };
  const found = correlationsOf(of, options);

  test("are those of SciPy, partial ones too", () => {
    const { words, spearman: plain } = found;
    expect(words?.tfidf.rho).toBeCloseTo(baselines.spearman.tfidf, 12);
    expect(words?.jaccard.rho).toBeCloseTo(baselines.spearman.jaccard, 12);
    expect(plain.partial?.rho).toBeCloseTo(baselines.partial, 12);
    expect(plain.deep).toBe(spearman(length, scores));
  });

  test("are held against each other, draw by draw", () => {
    const { contrastSpearman, spearman: plain, words } = found;
    const none = { difference: 0, interval: [0, 0] };
    expect(contrastSpearman?.over?.tfidf).toEqual(none);
    expect(plain.over?.hidden).toEqual(none);
    expect(contrastSpearman?.over?.similarity?.difference).toBeCloseTo((words?.tfidf.rho ?? NaN) - plain.deep, 12);
    expect(contrastSpearman?.partial, "of tf-idf given tf-idf nothing is left").toEqual({ rho: 0, interval: [0, 0] });
    expect(plain.over).not.toHaveProperty("similarity");
  });

  test("of a few pairs may lie anywhere: nothing is told from resamples of three values", () => {
    for (const [pairs, isKnown] of [
      [3, false],
      [7, false],
      [8, true],
    ] as const) {
      const first = (values: readonly number[]): number[] => values.slice(0, pairs);
      const few = { scores: first(scores), tfidf: first(tfidf), jaccard: first(jaccard) };
      const layers = [first(length), first(length)];
      const { words, spearman: plain } = correlationsOf(
        { ...few, plain: layers, contrast: undefined, hidden: layers },
        options,
      );
      const all = [words?.tfidf.interval, plain.interval, ...plain.intervals, plain.partial?.interval];
      for (const interval of all) {
        if (isKnown) expect(interval).not.toEqual([-1, 1]);
        else expect(interval).toEqual([-1, 1]);
      }
      if (!isKnown) expect(plain.over?.tfidf?.interval).toEqual([-2, 2]);
    }
  });

  test("say with what they were drawn", () => {
    expect(found).toMatchObject({ seed: 0, resamples: 1000 });
    expect(correlationsOf({ ...of, contrast: undefined }, options).contrastSpearman).toBeNull();
  });
});

describe("the best layer", () => {
  const PAIRS = 60;
  const LAYERS = 20;

  /** Layers that have so much to do with the scores. */
  function simulated(signals: readonly number[], seed: number): { layers: number[][]; scores: number[] } {
    const normal = normalNumbers(randomNumbers(seed));
    const scores = Array.from({ length: PAIRS }, normal);
    return { scores, layers: signals.map((signal) => scores.map((score) => signal * score + normal())) };
  }

  test("is the one that follows the scores, by what it has on pairs that did not choose it", () => {
    const { layers, scores } = simulated([0, 0.2, 3, 0.2], 1);
    const best = bestLayer(layers, scores, 0);
    expect(best?.layers).toEqual([2, 2]);
    expect(best?.rho).toBeCloseTo(spearman(layers[2], scores), 1);
    expect(bestLayer(layers, scores, 0)).toEqual(best);
  });

  test("of layers that have nothing to do with the scores has nothing either: choosing does not flatter it", () => {
    const runs = Array.from({ length: 100 }, (_, seed) => {
      const { layers, scores } = simulated(Array<number>(LAYERS).fill(0), seed);
      const highest = Math.max(...layers.map((layer) => spearman(layer, scores)));
      return { highest, best: bestLayer(layers, scores, 0) };
    });
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean(runs.map(({ highest }) => highest))).toBeGreaterThan(0.2);
    expect(Math.abs(mean(runs.map(({ best }) => best?.rho ?? NaN)))).toBeLessThan(0.03);
    expect(runs.filter(({ best }) => (best?.interval[0] ?? 0) > 0).length).toBeLessThanOrEqual(5);
  });

  test("is not chosen by fewer than 20 pairs", () => {
    const { layers, scores } = simulated([1, 0], 1);
    const some = (count: number) =>
      bestLayer(
        layers.map((layer) => layer.slice(0, count)),
        scores.slice(0, count),
        0,
      );
    expect(some(19)).toBeNull();
    expect(some(20)).not.toBeNull();
  });
});
