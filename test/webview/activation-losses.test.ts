import { expect, test } from "vitest";

import { ActivationLosses } from "../../webview/preview/activation-losses";

const bits = new Uint32Array(1);
const floats = new Float32Array(bits.buffer);

/** A matrix with these activations, as a document has it: 16 bins an octave. */
function lossesOf(values: readonly number[]): ActivationLosses {
  const bins = values
    .filter((value) => value > 0)
    .map((value) => {
      floats[0] = value;
      return bits[0] >>> 19;
    });
  const firstBin = Math.min(...bins);
  const counts = Array.from(
    { length: Math.max(...bins) - firstBin + 1 },
    (_, i) => bins.filter((bin) => bin === firstBin + i).length,
  );
  const zeros = values.filter((value) => value === 0).length;
  const module = { zeros, histogram: { binsPerOctave: 16, firstBin, counts } };
  return new ActivationLosses({ layers: [{ modules: [module] }] } as never);
}

test("the least active weights' share of the activation, to a bin", () => {
  const values = Array.from({ length: 1000 }, (_, i) => (i < 100 ? 0 : Math.exp(i / 100)));
  const losses = lossesOf(values);
  const total = values.reduce((sum, value) => sum + value, 0);
  for (const sparsity of [0, 0.05, 0.1, 0.3, 0.5, 0.8, 0.95]) {
    const exact = values.slice(0, 1000 * sparsity).reduce((sum, value) => sum + value, 0) / total;
    expect(Math.abs(losses.at(0, 0, sparsity) - exact)).toBeLessThan(0.004);
  }
  expect(losses.at(0, 0, 0.1)).toBe(0);
  expect(losses.at(0, 0, 1)).toBeCloseTo(1, 9);
});

test("never falls as more goes", () => {
  const losses = lossesOf([0, 0, 1e-9, 3e-4, 3e-4, 5, 5, 7000]);
  const shares = Array.from({ length: 101 }, (_, i) => losses.at(0, 0, i / 100));
  shares.slice(1).forEach((share, i) => expect(share).toBeGreaterThanOrEqual(shares[i]));
});
