import { describe, expect, test } from "vitest";

import type { DomainsDocument } from "../../src/engine/document/document";
import { domainsLayers, domainsSentences, formatP } from "../../src/format/domains";
import { quantile } from "../../src/engine/numbers/statistics";
import {
  densityFinding,
  layersFinding,
  neuronInWords,
  neuronsFinding,
  overlapFinding,
  relevanceFinding,
} from "../../src/format/domains-findings";
import { boxOf } from "../../webview/shared/box";

const pair = (a: string, b: string, relevance: number, similarity: number[][]) => ({ a, b, relevance, similarity });
const document = {
  deep: [1, 2],
  domains: [{ name: "x" }, { name: "y" }],
  pairs: [
    pair("x", "x", 0.7, [
      [0.5, 0.7],
      [0.6, 0.8],
    ]),
    pair("x", "y", 0.3, [
      [0.5, 0.6],
      [0.2, 0.4],
    ]),
    pair("y", "y", 0.6, [
      [0.6, 0.6],
      [0.5, 0.7],
    ]),
  ],
  tests: null,
  significance: [0.2, 0.001],
  contrastSignificance: null,
} as unknown as DomainsDocument;

test("what two domains share is said of both halves, and where it is least", () => {
  const layers = [
    { both: 60, onlyA: 20, onlyB: 20 },
    { both: 30, onlyA: 35, onlyB: 35 },
    { both: 50, onlyA: 25, onlyB: 25 },
  ];
  const overlap = { a: "x", b: "y", layers, strongestOfA: [], strongestOfB: [], halves: null };
  expect(overlapFinding(overlap, { ...document, deep: [1, 3], share: 0.1 })).toBe(
    "x and y share 60 % of the weights that either activates most before the deep layers, and 40 % in them; least in layer 1, 30 %. Sets that have nothing to do with each other would share 5.3 %.",
  );
  expect(overlapFinding({ ...overlap, layers: layers.slice(1, 2) }, { ...document, deep: [0, 1], share: 0.1 })).toBe(
    "x and y share 30 % of the weights that either activates most in the deep layers. Sets that have nothing to do with each other would share 5.3 %.",
  );
});

describe("what domains show", () => {
  const layers = domainsLayers(document);

  test("is grouped by layer, within domains and across", () => {
    // of each layer by itself in a result of an earlier version: corrected for both
    expect(layers.map(({ within, across, p }) => [within.length, across.length, p])).toEqual([
      [4, 2, 0.2],
      [4, 2, 0.002],
    ]);
    expect(domainsLayers(document, "contrast")).toEqual([]);
    expect([0.0005, 0.001, 0.0014, 0.024].map(formatP)).toEqual([
      ...["0.001 or less", "0.001 or less", "0.0014", "0.024"],
    ]);
  });

  test("is said in figures", () => {
    expect(domainsSentences(document)).toEqual([
      "Texts of one domain and of two differ by 0.35 in the deep layers; this result has no test of all of them together: compare the folders again to have one.",
    ]);
    expect(layersFinding(layers)).toBe(
      "In 1 of 2 layers texts of one domain are more alike by more than chance (p < 0.05, corrected for 2 layers); the difference is largest in layer 1: median 0.65 within, 0.3 across (p 0.002).",
    );
    expect(layersFinding(layers.slice(0, 1))).toMatch(/^In no layer/);
    expect(relevanceFinding(document.pairs, ({ relevance }) => relevance)).toBe("The figure of x and y is 0.3.");
    expect(
      densityFinding(document, [
        [0.2, 0.05],
        [0.2, 0.08],
      ]),
    ).toBe(
      "In the deep layers the densities lie between 5 % (x) and 8 % (y) on average; whether that is chance is not tested.",
    );
  });

  test("names neurons by how much stronger they are, or that only one domain has them", () => {
    const neurons = [
      { layer: 7, neuron: 3, a: 0.002, b: 0.0001 },
      { layer: 8, neuron: 9, a: 0, b: 0.01 },
    ];
    const both = { a: "x", b: "y", neurons };
    expect(neurons.map((neuron) => neuronInWords(both, neuron))).toEqual([
      "Neuron 3 of layer 7: 0.2 % in x, 0.01 % in y, 20 times as strong in x",
      "Neuron 9 of layer 8: 0 % in x, 1 % in y, active in y only",
    ]);
    expect(neuronsFinding(document, both)).toBe(
      "The shares of neuron 3 of layer 7 differ most: 0.2 % in x, 0.01 % in y, 20 times as strong in x; whether that is chance was not tested.",
    );
  });
});

describe("boxes", () => {
  test("have quartiles between two values by their distances", () => {
    // As numpy.quantile has them.
    expect([0, 0.25, 0.5, 0.9].map((share) => quantile([4, 1, 3, 2], share))).toEqual([1, 1.75, 2.5, 3.7]);
    expect(quantile([], 0.5)).toBeNaN();
  });

  test("have whiskers to the last value within one and a half heights, and outliers beyond", () => {
    expect(boxOf([1, 2, 3, 4, 5, 20])).toEqual({
      low: 1,
      lowerQuartile: 2.25,
      median: 3.5,
      upperQuartile: 4.75,
      high: 5,
      outliers: [20],
    });
    expect(boxOf([0.5])).toMatchObject({ low: 0.5, median: 0.5, high: 0.5, outliers: [] });
  });
});
