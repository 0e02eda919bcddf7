import { describe, expect, test } from "vitest";
import { BitMask } from "../../../src/engine/prune/bit-mask";
import { markSmallest, markSmallestOfEvery, markSmallestOfRows } from "../../../src/engine/prune/smallest";
import { randomNumbers } from "../../../src/engine/numbers/random";

const marked = (mask: BitMask): number[] => Array.from({ length: mask.length }, (_, i) => i).filter((i) => mask.has(i));

/** A stable sort by magnitude: what the definitions say. */
function expected(values: Float32Array, count: number): number[] {
  const order = Array.from(values, (_, i) => i).sort((a, b) => Math.abs(values[a]) - Math.abs(values[b]) || a - b);
  return order.slice(0, count).sort((a, b) => a - b);
}

describe("the smallest of a group", () => {
  test.each(["spread", "coarse", "equal", "zeros"])("are those of a stable sort: %s values", (kind) => {
    const next = randomNumbers(7);
    const value = {
      spread: () => (next() - 0.5) * 10 ** (8 * next() - 6),
      coarse: () => Math.round(8 * next() - 4) / 4,
      equal: () => (next() < 0.5 ? -0.25 : 0.25),
      zeros: () => (next() < 0.7 ? 0 : -0 + next()),
    }[kind];
    if (value === undefined) throw new Error(kind);
    for (const length of [1, 2, 7, 64, 577]) {
      const values = Float32Array.from({ length }, value);
      for (const count of [0, 1, Math.floor(length / 3), Math.floor(0.95 * length), length]) {
        const mask = new BitMask(length + 5);
        markSmallest(values, count, mask, 5);
        expect(marked(mask)).toEqual(expected(values, count).map((i) => i + 5));
      }
    }
  });

  test.each([33, 64, 40_000])("of every row of %i are so many of their products with factors", (columns) => {
    const next = randomNumbers(columns);
    const rows = Math.ceil(90_000 / columns);
    const values = Float32Array.from({ length: rows * columns }, () => Math.round(200 * next() - 100) / 64);
    const factors = Float32Array.from({ length: columns }, () => Math.round(8 * next()) / 8);
    const count = Math.floor(0.4 * columns);
    const mask = new BitMask(values.length + 3);
    markSmallestOfRows(values, columns, count, mask, 3, factors);
    const wanted = Array.from({ length: rows }, (_, row) => {
      const from = row * columns;
      const products = values.slice(from, from + columns).map((value, i) => value * factors[i]);
      return expected(products, count).map((i) => from + i + 3);
    });
    expect(marked(mask)).toEqual(wanted.flat());
  });

  test("of every four go two, of equal ones the first", () => {
    const mask = new BitMask(8);
    markSmallestOfEvery({ pruned: 2, of: 4 }, Float32Array.of(3, -1, 2, 1, 5, 5, -5, 5), mask, 0);
    expect(marked(mask)).toEqual([1, 3, 4, 5]);
  });
});

test("a mask zeroes the weights that it marks, wherever a row begins", () => {
  const mask = new BitMask(20);
  for (const i of [0, 7, 8, 13, 19]) mask.set(i);
  const weights = new Float32Array(9).fill(1);
  mask.apply(weights, 11);
  expect([...weights]).toEqual([1, 1, 0, 1, 1, 1, 1, 1, 0]);
});

test("a mask of zeros marks them, and zeroes the same of others, piece by piece", () => {
  const next = randomNumbers(3);
  const weights = Float32Array.from({ length: 100_003 }, () => (next() < 0.5 ? 0 : -next()));
  const mask = BitMask.ofZeros(weights);
  expect(mask.count()).toBe(weights.filter((value) => value === 0).length);
  for (const from of [0, 5]) {
    const others = new Float32Array(weights.length - from).fill(2);
    mask.apply(others, from);
    expect(others).toEqual(weights.slice(from).map((value) => (value === 0 ? 0 : 2)));
  }
});
