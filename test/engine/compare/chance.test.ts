import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { halfOverlaps, randomSplits } from "../../../src/engine/compare/half-overlaps";
import { NeuronTest, neuronP } from "../../../src/engine/compare/neuron-test";
import { separatingNeurons } from "../../../src/engine/compare/separating-neurons";
import { randomNumbers } from "../../../src/engine/numbers/random";
import { selectLargest } from "../../../src/engine/numbers/select";

describe("halves of domains", () => {
  test("are of as many texts, and of no text twice", () => {
    for (const split of randomSplits(3, 5, 1))
      split.forEach((halves, domain) => {
        expect(halves.map((half) => half.length)).toEqual([2, 2]);
        const texts = halves.flat();
        expect(new Set(texts).size).toBe(4);
        for (const text of texts) expect(Math.floor(text / 5)).toBe(domain);
      });
    expect(randomSplits(3, 5, 1)).toEqual(randomSplits(3, 5, 1));
    expect(randomSplits(3, 5, 1)).not.toEqual(randomSplits(3, 5, 2));
  });

  test("share what their top sets do, each matrix by its size", () => {
    // of two parameters of four: one domain has the first two, the other the last two in one matrix, and in a larger one the same
    const [first, last] = [Float32Array.of(3, 4, 1, 0), Float32Array.of(0, 0, 5, 2)];
    const shared = halfOverlaps(
      [
        { weight: 1, values: [first, first, last, last] },
        { weight: 10, values: [first, first, first, first] },
      ],
      [
        [
          [[0], [1]],
          [[2], [3]],
        ],
      ],
      0.5,
    );
    expect(shared).toEqual({
      within: [
        { both: 22, either: 22 },
        { both: 22, either: 22 },
      ],
      across: [{ both: 40, either: 48 }],
    });
  });

  test("of one domain share more than halves of two where these differ, and as much where they do not", () => {
    const next = randomNumbers(2);
    const count = 6;
    const of = (difference: number) => {
      const strengths = [0, 1].map(() => Array.from({ length: 2000 }, () => next()));
      const values = Array.from({ length: 2 * count }, (_, text) =>
        Float32Array.from({ length: 2000 }, (__, i) => {
          const own = strengths[Math.floor(text / count)][i];
          return difference * own + (1 - difference) * strengths[0][i] + next();
        }),
      );
      const { within, across } = halfOverlaps([{ weight: 1, values }], randomSplits(2, count, 0), 0.1);
      const share = (counts: typeof within) =>
        counts.reduce((sum, { both }) => sum + both, 0) / counts.reduce((sum, { either }) => sum + either, 0);
      return share(within) - share(across);
    };
    expect(of(1)).toBeGreaterThan(0.1);
    expect(Math.abs(of(0))).toBeLessThan(0.03);
  });

  test("a value is selected as sorting finds it", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20), { minLength: 1, maxLength: 50 }), fc.nat(), (values, at) => {
        const k = 1 + (at % values.length);
        const sorted = [...values].sort((a, b) => b - a);
        expect(selectLargest(Float32Array.from(values), k)).toBe(sorted[k - 1]);
      }),
    );
  });
});

describe("neurons of two domains", () => {
  const [layers, neurons, count] = [3, 40, 6];

  /** The least p of the ten neurons that differ most, where neuron 7 of layer 1 is so much stronger in the second domain. */
  function leastP(seed: number, times: number): { p: number; layer: number; neuron: number } {
    const next = randomNumbers(seed);
    const chance = new NeuronTest(2, count, seed);
    const all = Array.from({ length: layers }, (_, layer) =>
      Array.from({ length: 2 * count }, (__, text) =>
        Float32Array.from({ length: neurons }, (___, neuron) => {
          const isSpecial = layer === 1 && neuron === 7 && text >= count;
          return (isSpecial ? times : 1) * (0.5 + next());
        }),
      ),
    );
    const means = (from: number) =>
      all.map((texts) =>
        Float64Array.from({ length: neurons }, (_, neuron) =>
          texts.slice(from, from + count).reduce((sum, text) => sum + text[neuron], 0),
        ),
      );
    const measures = all.map((texts) => chance.measure(texts, [[...Array(neurons).keys()]])[0]);
    const found = separatingNeurons(means(0), means(count)).map(({ layer, neuron }) => ({
      layer,
      neuron,
      p: neuronP(measures, layer, neuron) ?? NaN,
    }));
    return found.reduce((least, one) => (one.p < least.p ? one : least));
  }

  test("are found by chance 5 times of 100", () => {
    const found = Array.from({ length: 200 }, (_, seed) => leastP(seed, 1)).filter(({ p }) => p < 0.05).length;
    // 10 are expected; more than 19 come once in 300 times
    expect(found).toBeLessThan(20);
    expect(found).toBeGreaterThan(1);
  });

  test("are found where they tell the two apart", () => {
    const found = Array.from({ length: 10 }, (_, seed) => leastP(seed, 10));
    for (const { p, layer, neuron } of found) {
      expect([layer, neuron]).toEqual([1, 7]);
      expect(p).toBeLessThan(0.05);
    }
  });
});
