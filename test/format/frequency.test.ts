import { expect, test } from "vitest";

import { intraclassCorrelation } from "../../src/engine/numbers/intraclass";
import { alwaysSentence, bandsOf, clusteringSentence, independentShares, shareIn } from "../../src/format/frequency";

const layer = (counts: number[]) => ({ layer: 0, counts, icc: intraclassCorrelation(counts) });
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

test.each([1, 2, 3, 7, 64, 1000])("the bands of %i samples hold every number once", (samples) => {
  const bands = bandsOf(samples);
  const held = bands.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, i) => from + i));
  expect(held).toEqual(Array.from({ length: samples + 1 }, (_, times) => times));
});

test("independent samples give the binomial distribution, also of many", () => {
  expect(independentShares(layer([3, 2, 3]))).toEqual(
    [0.25, 0.5, 0.25].map((share) => expect.closeTo(share, 12) as number),
  );
  const counts = Array.from({ length: 1001 }, (_, times) => (times === 100 ? 10 : 0));
  const shares = independentShares(layer(counts));
  expect(sum(shares)).toBeCloseTo(1, 9);
  const mean = sum(shares.map((share, times) => share * times));
  expect(mean).toBeCloseTo(100, 6);
  expect(sum(shares.map((share, times) => share * (times - mean) ** 2))).toBeCloseTo(1000 * 0.1 * 0.9, 5);
});

test("weights that are never or always active are that by chance too", () => {
  expect(independentShares(layer([5, 0, 0]))).toEqual([1, 0, 0]);
  expect(independentShares(layer([0, 0, 5]))).toEqual([0, 0, 1]);
});

test("what is found is said in figures", () => {
  const layers = [layer([60, 20, 20]), { ...layer([80, 0, 20]), layer: 1 }];
  const document = { layers, samples: 2 } as Parameters<typeof alwaysSentence>[0];
  expect(shareIn(layers[0], { from: 1, to: 2 })).toBeCloseTo(0.4, 12);
  expect(alwaysSentence(document)).toBe(
    "20 % of the weights are among the strongest in every sample; by chance it would be 6.5 %.",
  );
  expect(clusteringSentence(document)).toBe(
    "Samples agree on their strongest weights by more than chance: the intraclass correlation is 1.00 in layer 1, the most, and 0.53 in layer 0, the least (0 is chance, 1 the same weights in every sample).",
  );
  // a file of an earlier version has the counts, and a ratio that grew with the number of samples
  const old = { ...document, layers: layers.map(({ layer, counts }) => ({ layer, counts, varianceRatio: 1.52 })) };
  expect(clusteringSentence(old)).toBe(clusteringSentence(document));
  expect(clusteringSentence({ ...document, layers: [layer([5, 0, 0])] })).toBeUndefined();
});
