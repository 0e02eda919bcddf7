import { describe, expect, test } from "vitest";
import {
  bloomSlopes,
  falconBias,
  linearBias,
  mptSlopes,
  roundToBfloat16,
} from "../../../../src/engine/model/architectures/alibi";

/* Of transformers 5.23: `_get_alibi_slopes` of BLOOM, `build_mpt_alibi_tensor`, and Falcon's `build_alibi_tensor` at position 301. */
const bloom = [
  0.5, 0.25, 0.125, 0.0625, 0.03125, 0.015625, 0.0078125, 0.00390625, 0.7071067690849304, 0.3535533845424652,
  0.1767766773700714, 0.0883883386850357,
];
const mpt = [
  0.5, 0.25, 0.125, 0.0625, 0.03125, 0.015625, 0.0078125, 0.00390625, 0.7071067690849304, 0.3535533845424652,
  0.1767766922712326, 0.0883883461356163,
];
const falcon = [150, 75, 37.5, 18.75, 9.375, 4.6875, 2.34375, 1.171875, 212, 106, 53, 26.5];

function expectEach(actual: readonly number[], expected: readonly number[]): void {
  expect(actual).toHaveLength(expected.length);
  actual.forEach((value, head) => {
    expect(value / expected[head]).toBeCloseTo(1, 6);
  });
}

describe("linear biases of attention", () => {
  test("fall by powers of one number where the heads are a power of 2", () => {
    const powers = [1 / 4, 1 / 16, 1 / 64, 1 / 256];
    expect(bloomSlopes(4)).toEqual(powers);
    expect(mptSlopes(4)).toEqual(powers);
  });

  test("have the slopes of transformers where they are not", () => {
    expectEach(bloomSlopes(12), bloom);
    expectEach(mptSlopes(12), mpt);
  });

  test("add nothing where a position sees itself, and less the farther it sees", () => {
    const bias = linearBias([0.5, 0.25]);
    expect([bias(0, 7, 7), bias(0, 7, 5), bias(1, 7, 3)]).toEqual([0, -1, -1]);
  });
});

describe("rounding to bfloat16", () => {
  test("is Falcon's, of slopes, of positions, and of what they come to", () => {
    const bias = falconBias(12, 16);
    expect(falcon.map((_, head) => 4 * bias(head, 400, 301))).toEqual(falcon);
  });

  test("goes to the nearest, and from the middle to the even one", () => {
    const step = 2 ** -7;
    expect(roundToBfloat16(1 + 0.4 * step)).toBe(1);
    expect(roundToBfloat16(1 + 0.6 * step)).toBe(1 + step);
    expect(roundToBfloat16(1 + 0.5 * step)).toBe(1);
    expect(roundToBfloat16(1 + 1.5 * step)).toBe(1 + 2 * step);
    expect(roundToBfloat16(-1 - 0.6 * step)).toBe(-1 - step);
  });
});
