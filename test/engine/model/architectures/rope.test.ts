import { describe, expect, test } from "vitest";
import { ConfigReader } from "../../../../src/engine/model/architectures/config-reader";
import { ropeOf, ropeTables } from "../../../../src/engine/model/architectures/rope";

const settings = { headSize: 64 };
const of = (config: Record<string, unknown>) =>
  ropeOf(new ConfigReader({ max_position_embeddings: 8192, ...config }, "model"), settings);

describe("a rope", () => {
  test("turns pair i of a head by theta^(−2i/size) per position", () => {
    const { frequencies, rotated, scale } = of({ rope_theta: 500 });
    expect([rotated, scale]).toEqual([64, 1]);
    frequencies.forEach((frequency, i) => {
      expect(frequency).toBeCloseTo(500 ** (-i / 32), 7);
    });
  });

  test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ["plain", { rope_theta: 500 }, { rope_parameters: { rope_type: "default", rope_theta: 500 } }],
    [
      "linear",
      { rope_theta: 500, rope_scaling: { type: "linear", factor: 4 } },
      { rope_parameters: { rope_type: "linear", factor: 4, rope_theta: 500 } },
    ],
    [
      "llama3",
      {
        rope_theta: 500000,
        rope_scaling: {
          rope_type: "llama3",
          factor: 8,
          low_freq_factor: 1,
          high_freq_factor: 4,
          original_max_position_embeddings: 256,
        },
      },
      {
        rope_parameters: {
          rope_type: "llama3",
          rope_theta: 500000,
          factor: 8,
          low_freq_factor: 1,
          high_freq_factor: 4,
          original_max_position_embeddings: 256,
        },
      },
    ],
    [
      "yarn",
      { rope_theta: 10000, rope_scaling: { type: "yarn", factor: 4, original_max_position_embeddings: 2048 } },
      {
        rope_parameters: {
          rope_type: "yarn",
          rope_theta: 10000,
          factor: 4,
          original_max_position_embeddings: 2048,
        },
      },
    ],
    ["none at all", { rope_scaling: null }, {}],
  ])("is the same in older and newer keys: %s", (_, older, newer) => {
    expect(of(older)).toEqual(of(newer));
  });

  test("that is scaled linearly turns everything slower", () => {
    const [plain, scaled] = [of({}), of({ rope_scaling: { type: "linear", factor: 4 } })];
    scaled.frequencies.forEach((frequency, i) => {
      expect(frequency).toBeCloseTo(plain.frequencies[i] / 4, 7);
    });
  });

  test("of llama3 leaves short wavelengths and slows down long ones by the factor", () => {
    const plain = of({ rope_theta: 500000 }).frequencies;
    const scaled = of({
      rope_theta: 500000,
      rope_scaling: { rope_type: "llama3", factor: 8, low_freq_factor: 1, high_freq_factor: 4 },
    }).frequencies;
    expect(scaled[0]).toBe(plain[0]);
    expect(scaled[31]).toBeCloseTo(plain[31] / 8, 12);
    scaled.forEach((frequency, i) => {
      expect(frequency).toBeLessThanOrEqual(plain[i]);
      expect(frequency).toBeGreaterThanOrEqual(plain[i] / 8 - 1e-12);
    });
  });

  /** The same keys in other places: which of two counts. key-pairs.test.ts has them all, against transformers. */
  test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    [
      "rope_scaling",
      { rope_parameters: { rope_type: "default", rope_theta: 7 }, rope_scaling: { rope_type: "linear", factor: 4 } },
      { rope_parameters: { rope_type: "linear", factor: 4 } },
    ],
    [
      "rope_parameters, where rope_scaling is empty",
      { rope_parameters: { rope_type: "linear", factor: 4 }, rope_scaling: {} },
      { rope_scaling: { type: "linear", factor: 4 } },
    ],
    [
      "rope_type",
      { rope_scaling: { type: "yarn", rope_type: "linear", factor: 4 } },
      { rope_scaling: { rope_type: "linear", factor: 4 } },
    ],
    ["the theta inside", { rope_theta: 7, rope_parameters: { rope_theta: 500 } }, { rope_theta: 500 }],
    [
      "the original context outside",
      {
        original_max_position_embeddings: 128,
        rope_scaling: { rope_type: "yarn", factor: 4, original_max_position_embeddings: 2048 },
      },
      { rope_scaling: { rope_type: "yarn", factor: 4, original_max_position_embeddings: 128 } },
    ],
    [
      "the context, where no original one is told",
      { max_position_embeddings: 128, rope_scaling: { rope_type: "yarn", factor: 4 } },
      { rope_scaling: { rope_type: "yarn", factor: 4, original_max_position_embeddings: 128 } },
    ],
  ])("goes by %s", (_, both, one) => {
    expect(of(both)).toEqual(of(one));
  });

  test("of yarn scales cosines and sines", () => {
    const { scale } = of({ rope_scaling: { type: "yarn", factor: 4 } });
    expect(scale).toBeCloseTo(0.1 * Math.log(4) + 1, 12);
    const given = of({ rope_scaling: { type: "yarn", factor: 4, attention_factor: 0.5 } });
    expect(given.scale).toBe(0.5);
    const { cosines, sines } = ropeTables(given, [2], 2, true);
    expect([cosines[0], sines[0]]).toEqual([0.5, 0]);
  });

  test("can turn a part of a head, in architectures that do", () => {
    const part = (config: Record<string, unknown>) =>
      ropeOf(new ConfigReader(config, "model"), { ...settings, partial: true });
    expect(part({ partial_rotary_factor: 0.25 })).toMatchObject({ rotated: 16 });
    expect(part({ rope_parameters: { rope_type: "default", partial_rotary_factor: 0.5 } }).rotated).toBe(32);
    expect(() => of({ partial_rotary_factor: 0.25 })).toThrow("on a part of each head, which is not supported");
  });

  test("has tables of cosines and sines per position, and of nothing where a layer does not turn", () => {
    const rope = of({});
    const { cosines, sines } = ropeTables(rope, [3], 3, true);
    expect(cosines).toHaveLength(3 * 32);
    expect(cosines[2 * 32 + 5]).toBeCloseTo(Math.cos(2 * rope.frequencies[5]), 6);
    expect(sines[2 * 32 + 5]).toBeCloseTo(Math.sin(2 * rope.frequencies[5]), 6);
    const still = ropeTables(rope, [3], 3, false);
    expect(still.cosines.every((value) => value === 1)).toBe(true);
    expect(still.sines.every((value) => value === 0)).toBe(true);
  });

  test("of longrope turns long texts by other divisors than short ones, and scales both by how far the context was stretched", () => {
    const divisors = (first: number): number[] => Array.from({ length: 32 }, (_, i) => first + i);
    const plain = of({}).frequencies;
    const rope = of({
      max_position_embeddings: 4096,
      rope_scaling: {
        type: "longrope",
        short_factor: divisors(1),
        long_factor: divisors(10),
        original_max_position_embeddings: 1024,
      },
    });
    expect(rope.scale).toBeCloseTo(Math.sqrt(1 + Math.log(4) / Math.log(1024)), 12);
    expect(rope.frequenciesAt?.(1024)[3]).toBeCloseTo(plain[3] / 4, 7);
    expect(rope.frequenciesAt?.(1025)[3]).toBeCloseTo(plain[3] / 13, 7);
    expect(rope.isEndless).toBeUndefined();
  });

  test("that is dynamic turns slower from its context on, the longer the text", () => {
    const rope = of({ max_position_embeddings: 1024, rope_scaling: { type: "dynamic", factor: 2 } });
    const plain = of({}).frequencies;
    expect(rope.frequenciesAt?.(1024)).toEqual(plain);
    const base = 10000 * (2 * 1.5 - 1) ** (64 / 62);
    expect(rope.frequenciesAt?.(1536)[5]).toBeCloseTo(base ** (-10 / 64), 7);
    expect(rope.isEndless).toBe(true);
  });

  test("has a table for each kind of texts that differ in their frequencies, one behind another", () => {
    const rope = of({ max_position_embeddings: 4, rope_scaling: { type: "dynamic", factor: 2 } });
    const { begins, rows, cosines } = ropeTables(rope, [3, 6, 4, 6, 8], 8, true);
    expect(begins).toEqual([0, 8, 0, 8, 16]);
    expect(rows).toBe(24);
    const [pair, position] = [31, 3];
    for (const [row, length] of [
      [begins[0], 3],
      [begins[1], 6],
      [begins[4], 8],
    ])
      expect(cosines[(row + position) * 32 + pair]).toBeCloseTo(
        Math.cos(position * (rope.frequenciesAt?.(length)[pair] ?? NaN)),
        7,
      );
    expect(ropeTables(rope, [3, 6], 8, false).rows).toBe(8);
  });

  test("can be that of an architecture that turns no odd number of values", () => {
    const share = new ConfigReader({ partial_rotary_factor: 0.05 }, "model");
    expect(ropeOf(share, { ...settings, partial: true }).rotated).toBe(4);
    expect(() => ropeOf(share, { ...settings, partial: true, even: true })).toThrow("turns 3 of 64 values of a head");
  });
});
