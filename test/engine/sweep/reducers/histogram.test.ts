import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  activeAbove,
  BIN_COUNT,
  binEdge,
  binOf,
  BINS_PER_OCTAVE,
  coarser,
  thresholdOf,
  trimmed,
  type Counts,
} from "../../../../src/engine/sweep/reducers/histogram";

fc.configureGlobal({ seed: 1, numRuns: 200 });

const activation = fc.oneof(
  { weight: 1, arbitrary: fc.constant(0) },
  { weight: 8, arbitrary: fc.float({ min: Math.fround(1e-9), max: 10, noNaN: true }) },
  { weight: 1, arbitrary: fc.float({ min: 0, max: Math.fround(1e-40), noNaN: true }).map((x) => Math.abs(x)) },
);
const activations = fc.array(activation, { minLength: 1, maxLength: 200 });

function histogramOf(values: readonly number[]): Counts {
  const counts = new Uint32Array(BIN_COUNT);
  for (const value of values) counts[binOf(value)]++;
  return { ...trimmed(counts), zeros: values.filter((value) => value === 0).length };
}

const sum = (counts: ArrayLike<number>): number => Array.from(counts).reduce((total, count) => total + count, 0);
const countFrom = (values: readonly number[], tau: number): number =>
  values.filter((value) => value >= tau && value > 0).length;
const oneBin = 2 ** (1 / BINS_PER_OCTAVE) - 1;

describe("a bin", () => {
  test("holds the values from its edge up to the next one's", () => {
    fc.assert(
      fc.property(activation, (value) => {
        const bin = binOf(value);
        expect(binEdge(bin)).toBeLessThanOrEqual(value);
        expect(binEdge(bin + 1)).toBeGreaterThan(value);
      }),
    );
  });

  test("is one of 128 of an octave", () => {
    expect(BINS_PER_OCTAVE).toBe(128);
    expect(binOf(2) - binOf(1)).toBe(128);
    expect(binEdge(BIN_COUNT)).toBe(Infinity);
  });
});

describe("how many values are above a threshold", () => {
  test("is exact at the edges of bins", () => {
    fc.assert(
      fc.property(activations, fc.nat(), (values, pick) => {
        const tau = binEdge(binOf(values[pick % values.length]));
        expect(activeAbove(histogramOf(values), tau)).toBe(countFrom(values, tau));
      }),
    );
  });

  test("lies within the threshold's bin elsewhere", () => {
    fc.assert(
      fc.property(activations, activation, (values, tau) => {
        const bin = binOf(tau);
        const active = activeAbove(histogramOf(values), tau);
        expect(active).toBeLessThanOrEqual(countFrom(values, binEdge(bin)));
        expect(active).toBeGreaterThanOrEqual(countFrom(values, binEdge(bin + 1)));
      }),
    );
  });

  test("never counts zeros, and counts everything else above 0", () => {
    fc.assert(
      fc.property(activations, (values) => {
        expect(activeAbove(histogramOf(values), 0)).toBe(values.filter((value) => value > 0).length);
      }),
    );
  });

  test("is none above everything", () => {
    expect(activeAbove(histogramOf([1, 2, 3]), 1e30)).toBe(0);
    expect(activeAbove(histogramOf([1, 2, 3]), 1e39)).toBe(0);
  });
});

describe("the threshold of a share", () => {
  test("is in the bin of the k-th largest of all values", () => {
    fc.assert(
      fc.property(activations, activations, fc.double({ min: 0.01, max: 1, noNaN: true }), (a, b, share) => {
        const sorted = [...a, ...b].sort((x, y) => y - x);
        const k = Math.max(1, Math.round(share * sorted.length));
        const tau = thresholdOf(share, sorted.length, [histogramOf(a), histogramOf(b)]);
        const expected = sorted[k - 1];
        if (expected === 0) expect(tau).toBe(0);
        // one of the smallest numbers there are may round down to 0
        else if (expected < 1e-38) expect(binOf(tau)).toBe(binOf(expected));
        else expect(Math.abs(tau / expected - 1)).toBeLessThanOrEqual(1.5 * oneBin);
      }),
    );
  });

  test("makes that share active", () => {
    fc.assert(
      fc.property(activations, fc.double({ min: 0.01, max: 1, noNaN: true }), (values, share) => {
        const histogram = histogramOf(values);
        const k = Math.max(1, Math.round(share * values.length));
        const active = activeAbove(histogram, thresholdOf(share, values.length, [histogram]));
        expect(active).toBe(Math.min(k, values.filter((value) => value > 0).length));
      }),
    );
  });

  test("is 0 where all values are", () => {
    expect(thresholdOf(0.1, 3, [histogramOf([0, 0, 0])])).toBe(0);
    expect(activeAbove(histogramOf([0, 0, 0]), 0)).toBe(0);
  });
});

describe("a histogram", () => {
  test("keeps every count when its empty ends are cut off", () => {
    fc.assert(
      fc.property(activations, (values) => {
        const { firstBin, counts, zeros } = histogramOf(values);
        expect(sum(counts)).toBe(values.length);
        expect(zeros).toBe(values.filter((value) => value === 0).length);
        expect(firstBin).toBe(binOf(Math.min(...values)));
        expect(counts[0]).toBeGreaterThan(0);
        expect(counts[counts.length - 1]).toBeGreaterThan(0);
      }),
    );
  });

  test("of nothing is empty", () => {
    expect(trimmed(new Uint32Array(BIN_COUNT)).counts).toHaveLength(0);
  });

  test("keeps every count in wider bins, each of which holds whole ones", () => {
    fc.assert(
      fc.property(activations, fc.constantFrom(1, 16, 64, 128), (values, binsPerOctave) => {
        const histogram = histogramOf(values);
        const { firstBin, counts } = coarser(histogram, binsPerOctave);
        const factor = BINS_PER_OCTAVE / binsPerOctave;
        expect(sum(counts)).toBe(values.length);
        const expected = new Map<number, number>();
        for (const value of values) {
          const bin = Math.floor(binOf(value) / factor);
          expected.set(bin, (expected.get(bin) ?? 0) + 1);
        }
        for (const [bin, count] of expected) expect(counts[bin - firstBin]).toBe(count);
      }),
    );
  });
});
