import fc from "fast-check";
import { expect, test } from "vitest";
import { CoupleProducts } from "../../../src/engine/sweep/couple-products";

const TINY = 1e-37;
/** Squares of less are 0 in float32. */
const UNDERFLOW = 1e-30;
const finite = fc.float({ noNaN: true, noDefaultInfinity: true, min: -1, max: 1 });
const orZero = fc.oneof({ weight: 4, arbitrary: finite }, { weight: 1, arbitrary: fc.constant(0) });

/** Sizes that end within a vector and within a strip, and so many couples. */
const tiles = fc
  .record({ size: fc.integer({ min: 1, max: 70 }), couples: fc.integer({ min: 1, max: 4 }) })
  .chain(({ size, couples }) => {
    const array = (values: fc.Arbitrary<number>, length: number) =>
      fc.array(values, { minLength: length, maxLength: length }).map((all) => Float32Array.from(all));
    return fc.record({
      couples: fc.constant(couples),
      weights: array(orZero, size),
      means: array(orZero.map(Math.abs), size),
      gradients: array(orZero, 2 * couples * size),
    });
  });

/** `[couples, 2, 2]`, with JavaScript's own numbers. */
function expected(couples: number, size: number, value: (sample: number, i: number) => number): number[] {
  return Array.from({ length: couples }, (_, couple) =>
    [0, 1].flatMap((a) =>
      [0, 1].map((b) => {
        let sum = 0;
        for (let i = 0; i < size; i++) sum += Math.abs(value(2 * couple + a, i) * value(2 * couple + b, i));
        return sum;
      }),
    ),
  ).flat();
}

function expectClose(actual: Float64Array, wanted: readonly number[]): void {
  expect(actual).toHaveLength(wanted.length);
  wanted.forEach((value, i) => {
    expect(Math.abs(actual[i] - value)).toBeLessThanOrEqual(2e-6 * value + UNDERFLOW);
  });
}

test("products of couples are those of their scores, and of the logarithms of their ratios to the mean", () => {
  const products = new CoupleProducts();
  fc.assert(
    fc.property(tiles, ({ couples, weights, means, gradients }) => {
      const size = weights.length;
      const tile = products.tile(size, couples, TINY);
      tile.weights.set(weights);
      tile.means.set(means);
      tile.gradients.set(gradients);
      const at = (sample: number, i: number): number => gradients[sample * size + i];
      expectClose(
        tile.plain(),
        expected(couples, size, (sample, i) => Math.fround(at(sample, i) * weights[i])),
      );
      expectClose(
        tile.contrast(),
        expected(couples, size, (sample, i) => {
          // what the sum 1 + ratio loses in float32 is lost here too
          const scale = weights[i] === 0 ? 0 : Math.fround(1 / Math.fround(means[i] + TINY));
          return Math.log(Math.fround(1 + Math.abs(Math.fround(at(sample, i) * scale))));
        }),
      );
    }),
    { numRuns: 300 },
  );
});

test("a tile larger than all before it has room", () => {
  const products = new CoupleProducts();
  for (const size of [3, 100_003, 5]) {
    const tile = products.tile(size, 1, TINY);
    tile.weights.fill(1);
    tile.gradients.fill(0.5);
    expect([...tile.plain()]).toEqual(Array.from({ length: 4 }, () => size / 4));
  }
});
