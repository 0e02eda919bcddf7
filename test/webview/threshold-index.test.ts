import { execFileSync } from "node:child_process";
import { beforeAll, expect, test } from "vitest";
import type { AnalysisDocument } from "../../src/engine/document/document";
import { activeAbove, BINS_PER_OCTAVE } from "../../src/engine/sweep/reducers/histogram";
import { histogramBars } from "../../webview/shared/histogram-bars";
import { binEdge, ThresholdIndex } from "../../src/engine/document/threshold-index";

let document: AnalysisDocument;
let index: ThresholdIndex;

beforeAll(() => {
  const args = ["dist/cli.cjs", "analyze", "samples/fiction/harbour.txt", "--json"];
  const output = execFileSync(process.execPath, args, { encoding: "utf8", maxBuffer: 2 ** 28 });
  document = JSON.parse(output) as AnalysisDocument;
  index = new ThresholdIndex(document);
});

test("at the document's own threshold everything is as in the document", () => {
  const { threshold, layers } = document;
  expect(index.tauOf(threshold.share)).toBe(threshold.tau);
  const activity = index.at(threshold.tau);
  expect(activity.share).toBeCloseTo(threshold.share, 5);
  expect(activity.layers.map(({ layer, active, density }) => ({ layer, active, density }))).toEqual(
    layers.map(({ layer, active, density }) => ({ layer, active, density })),
  );
  expect(activity.layers.map(({ modules }) => modules.map(({ active }) => active))).toEqual(
    layers.map(({ modules }) => modules.map(({ active }) => active)),
  );
});

test("just beside that threshold counts barely change, and they fall as it rises", () => {
  const { tau } = document.threshold;
  const counts = [0.25, 0.5, 0.99, 0.9999, 1, 1.0001, 1.01, 2, 4].map((factor) =>
    index.at(tau * factor).layers.reduce((sum, { active }) => sum + active, 0),
  );
  expect(counts).toEqual([...counts].sort((a, b) => b - a));
  expect(Math.abs(counts[3] - counts[5])).toBeLessThan(1e-3 * counts[4]);
});

test("counts are those of the engine's own histograms, wherever a bin begins", () => {
  const [module] = document.layers[0].modules;
  const { firstBin, counts, binsPerOctave } = module.histogram;
  const factor = BINS_PER_OCTAVE / binsPerOctave;
  const fine = new Float64Array(counts.length * factor);
  counts.forEach((count, i) => (fine[i * factor] = count));
  for (let bin = firstBin; bin < firstBin + counts.length; bin += 7) {
    const tau = binEdge(bin, binsPerOctave);
    const engine = activeAbove({ firstBin: firstBin * factor, counts: fine, zeros: 0 }, tau);
    expect(index.at(tau).layers[0].modules[0].active).toBe(engine);
  }
});

test("a share becomes the threshold that makes this share active", () => {
  for (const share of [1e-4, 0.001, 0.01, 0.05, 0.25, 0.5, 0.9]) {
    expect(index.at(index.tauOf(share)).share / share).toBeCloseTo(1, 2);
  }
  expect(index.at(index.tauOf(1)).share).toBeGreaterThan(0.99);
  expect(index.at(index.highest * 2).share).toBe(0);
});

test("bars of a histogram keep every count, and their edges meet", () => {
  const { histogram, parameters, zeros } = document.layers[3].modules[2];
  for (const most of [20, 60, 200, 1000]) {
    const { counts, edges, densities, below } = histogramBars(histogram, most);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(parameters - zeros - below);
    expect(below).toBeLessThanOrEqual(0.001 * parameters);
    expect(edges).toHaveLength(counts.length + 1);
    expect(edges).toEqual([...edges].sort((a, b) => a - b));
    expect(densities.every(Number.isFinite)).toBe(true);
  }
});

test("a document without weights or with only zeros has no active ones", () => {
  const module = {
    ...document.layers[0].modules[0],
    active: 0,
    histogram: { binsPerOctave: 16, firstBin: 0, counts: [] },
  };
  const layers = [{ ...document.layers[0], active: 0, modules: [module] }];
  const empty = new ThresholdIndex({ ...document, layers });
  expect(empty.at(empty.tauOf(0.1)).share).toBe(0);
  expect(new ThresholdIndex({ ...document, layers: [] }).at(1).share).toBe(0);
});
