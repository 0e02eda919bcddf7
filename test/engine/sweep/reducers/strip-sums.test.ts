import { expect, test } from "vitest";
import { randomNumbers } from "../../../../src/engine/numbers/random";
import { BIN_COUNT, binOf } from "../../../../src/engine/sweep/reducers/histogram";
import { StripSummer } from "../../../../src/engine/sweep/reducers/strip-sums";

const summer = new StripSummer();
const bitsOf = (value: number): number => new Int32Array(Float32Array.of(value).buffer)[0];

/** Values over many octaves, some of them 0. */
function values(count: number, seed: number, zeros: number): Float32Array {
  const next = randomNumbers(seed);
  return Float32Array.from({ length: count }, () => (next() < zeros ? 0 : Math.exp(-40 * next())));
}

test.each([
  [1, 1, 0],
  [3, 5, 0.5],
  [7, 127, 0.1],
  [2, 128, 0],
  [5, 130, 0.3],
  [1, 4097, 0.01],
  [40, 576, 0],
  [9, 64, 1],
])("%i rows of %i values are summed up, counted, and looked through", (rows, width, zeros) => {
  for (const seed of [1, 2, 3]) {
    const strip = values(rows * width, seed, zeros);
    const counts = new Uint32Array(BIN_COUNT);
    const weakest = 0.05 * seed;
    const sums = summer.add(strip, width, counts, bitsOf(weakest));

    const near = (sum: number, terms: readonly number[]): void => {
      const exact = terms.reduce((a, b) => a + b, 0);
      expect(Math.abs(sum - exact)).toBeLessThanOrEqual(5e-7 * exact);
    };
    for (let row = 0; row < rows; row++) {
      const own = [...strip.subarray(row * width, (row + 1) * width)];
      near(sums.rows[row], own);
      near(
        sums.squares[row],
        own.map((value) => value ** 2),
      );
    }
    for (let column = 0; column < width; column++)
      near(
        sums.columns[column],
        Array.from({ length: rows }, (_, row) => strip[row * width + column]),
      );
    expect(sums.zeros).toBe(strip.filter((value) => value === 0).length);

    const expected = new Uint32Array(BIN_COUNT);
    for (const value of strip) expected[binOf(value)]++;
    expect(counts).toEqual(expected);

    const looked = new Set<number>();
    for (const candidate of sums.candidates)
      for (let i = candidate; i < candidate + sums.sizeOf(candidate); i++) {
        expect(looked.has(i)).toBe(false);
        expect(Math.floor(i / width)).toBe(Math.floor(candidate / width));
        looked.add(i);
      }
    for (const [i, value] of strip.entries()) if (value > weakest) expect(looked.has(i)).toBe(true);
  }
});

test("subnormal values are not zeros, and a histogram goes on where it was", () => {
  const counts = new Uint32Array(BIN_COUNT);
  const { zeros } = summer.add(Float32Array.of(0, 2 ** -149, 2 ** -134, 0, 1), 5, counts, 0);
  expect(zeros).toBe(2);
  summer.add(Float32Array.of(0, 1), 2, counts, 0);
  expect([counts[0], counts[binOf(1)]]).toEqual([5, 2]);
});

test("rows that are longer than a strip come one by one", () => {
  expect(summer.rowsAtOnce(200_000)).toBe(1);
  const strip = values(200_003, 5, 0);
  const { rows } = summer.add(strip, 200_003, new Uint32Array(BIN_COUNT), bitsOf(1));
  expect(rows[0]).toBeCloseTo(
    strip.reduce((a, b) => a + b, 0),
    2,
  );
});
