import { describe, expect, test } from "vitest";
import { FORMATS, type FormatName } from "../../../src/engine/quantize/formats";
import { quantizer } from "../../../src/engine/quantize/quantizer";
import { differing, squaredError } from "../support/like-llama-cpp";
import { random } from "../support/random";
import { importanceOf, kindsOfRows, normal } from "./rows";

const names = FORMATS.map(({ name }) => name);
const kinds = kindsOfRows(768, 5);
const gaussian = kinds["of a normal distribution"];

/** What is read again of rows that were quantised. */
function decodedOf(name: FormatName, rows: Float32Array, columns: number, importance?: Float32Array): Float32Array {
  const { quantize, dequantize } = quantizer(name);
  const decoded = new Float32Array(rows.length);
  dequantize(quantize(rows, columns, importance), decoded);
  return decoded;
}

/** √(Σ error² / Σ weight²) of a normal distribution, at most. */
const RELATIVE: Readonly<Record<FormatName, number>> = {
  Q2_K: 0.31,
  Q3_K: 0.16,
  IQ4_XS: 0.08,
  Q4_K: 0.075,
  Q4_0: 0.089,
  IQ4_NL: 0.08,
  Q4_1: 0.082,
  Q5_K: 0.038,
  Q5_0: 0.045,
  Q5_1: 0.04,
  Q6_K: 0.0185,
  Q8_0: 0.006,
  F16: 2.3e-4,
  BF16: 1.9e-3,
  F32: 0,
};

/** An error is at most so much of the largest weight of its 256: half a step where the largest has the last level, and what rounding scales adds. */
const OF_LARGEST: Readonly<Record<FormatName, number>> = {
  Q2_K: 0.35,
  Q3_K: 0.25,
  IQ4_XS: 0.1,
  Q4_K: 0.1,
  Q4_0: 0.126,
  IQ4_NL: 0.1,
  Q4_1: 0.07,
  Q5_K: 0.06,
  Q5_0: 0.064,
  Q5_1: 0.034,
  Q6_K: 0.026,
  Q8_0: 0.0045,
  F16: 2 ** -11,
  BF16: 2 ** -8,
  F32: 0,
};

describe.each(names)("%s", (name) => {
  const { quantize, bytesPerBlock, blockSize } = quantizer(name);

  test("makes whole blocks, of rows of any number", () => {
    expect(quantize(gaussian, 768)).toHaveLength((gaussian.length / blockSize) * bytesPerBlock);
    expect(quantize(new Float32Array(0), 768)).toHaveLength(0);
  });

  test("errs as little as its bits allow", () => {
    for (const importance of [undefined, importanceOf(768)]) {
      const size = squaredError(gaussian, new Float32Array(gaussian.length), 768, importance);
      const error = squaredError(gaussian, decodedOf(name, gaussian, 768, importance), 768, importance);
      expect(Math.sqrt(error / size)).toBeLessThanOrEqual(RELATIVE[name]);
    }
  });

  test.each(Object.keys(kinds))("errs by no more than a step: rows %s", (kind) => {
    const rows = kinds[kind];
    const decoded = decodedOf(name, rows, 768);
    for (let from = 0; from < rows.length; from += 256) {
      let [largest, error] = [0, 0];
      for (let i = from; i < from + 256; i++) {
        largest = Math.max(largest, Math.abs(rows[i]));
        error = Math.max(error, Math.abs(rows[i] - decoded[i]));
      }
      // scales are float16, whose steps next to 0 are 2⁻²⁴: of weights of 10⁻⁶ nothing, or a multiple, can be left
      const limit = largest < 1e-5 ? Math.max(3, OF_LARGEST[name]) : OF_LARGEST[name];
      expect(error).toBeLessThanOrEqual(limit * largest);
    }
  });

  test("changes little of what was quantised already", () => {
    const once = decodedOf(name, gaussian, 768);
    const twice = decodedOf(name, once, 768);
    const first = squaredError(gaussian, once, 768);
    expect(squaredError(once, twice, 768)).toBeLessThanOrEqual(AGAIN[name] * first);
  });

  test("quantises a row alike, whatever is beside it", () => {
    const { columns, count } = { columns: 4096, count: 19 };
    const gauss = normal(random(7));
    const rows = Float32Array.from({ length: columns * count }, () => gauss());
    for (const importance of [undefined, importanceOf(columns)]) {
      const together = quantize(rows, columns, importance);
      const bytes = together.length / count;
      for (let row = 0; row < count; row++) {
        const alone = quantize(rows.slice(row * columns, (row + 1) * columns), columns, importance);
        expect(differing(alone, together.subarray(row * bytes, (row + 1) * bytes))).toBe(0);
      }
    }
  });

  test("has rows of zeros read as zeros", () => {
    expect(decodedOf(name, new Float32Array(512), 256).every((value) => value === 0)).toBe(true);
    expect(decodedOf(name, new Float32Array(512), 256, importanceOf(256)).every((value) => value === 0)).toBe(true);
  });

  test("reads as finite whatever is finite, and what is beyond it as the most that it holds", () => {
    for (const size of [1e-45, 1e-38, 1e-20, 1e5, 1e9, 1e20, 3.4e38])
      for (const importance of [undefined, importanceOf(256)]) {
        const rows = Float32Array.from({ length: 512 }, (_, i) => size * Math.sin(i + 1));
        const decoded = decodedOf(name, rows, 256, importance);
        expect(decoded.every(Number.isFinite)).toBe(true);
        expect(decoded.every((value, i) => Math.abs(value) <= 1.4 * Math.abs(size) + Math.abs(rows[i]))).toBe(true);
        if (size > 1) expect(decoded.some((value) => Math.abs(value) >= Math.min(0.5 * size, 65504))).toBe(true);
      }
  });

  test("counts columns by their importance", () => {
    const importance = importanceOf(768);
    const plain = squaredError(gaussian, decodedOf(name, gaussian, 768), 768, importance);
    const weighted = squaredError(gaussian, decodedOf(name, gaussian, 768, importance), 768, importance);
    if (UNWEIGHTED.has(name)) expect(weighted).toBe(plain);
    else expect(weighted).toBeLessThan(0.97 * plain);
  });

  test("takes importance of zeros for none, and of any measure", () => {
    expect(differing(quantize(gaussian, 768, new Float32Array(768)), quantize(gaussian, 768))).toBe(0);
    const importance = importanceOf(768);
    const blocks = quantize(gaussian, 768, importance);
    for (const factor of [2 ** -90, 2 ** 60])
      expect(
        differing(
          blocks,
          quantize(
            gaussian,
            768,
            importance.map((one) => factor * one),
          ),
        ),
      ).toBe(0);
  });

  test("does not lose columns that count nothing beside others", () => {
    const importance = importanceOf(768).fill(0, 256, 288).fill(0, 500, 540);
    const decoded = decodedOf(name, gaussian, 768, importance);
    const [from, to] = [512, 528];
    const [part, partDecoded] = [gaussian.subarray(from, to), decoded.subarray(from, to)];
    const size = part.reduce((sum, x) => sum + x * x, 0);
    expect(squaredError(part, partDecoded, 16)).toBeLessThan(0.5 * size);
  });

  test("refuses what is no number, and rows that are no whole blocks", () => {
    for (const bad of [NaN, Infinity, -Infinity]) {
      for (const at of [0, 766, 767]) {
        const rows = gaussian.slice(0, 768);
        rows[at] = bad;
        expect(() => quantize(rows, 768)).toThrow("finite");
      }
      const importance = importanceOf(768);
      importance[5] = bad;
      expect(() => quantize(gaussian, 768, importance)).toThrow("finite");
    }
    expect(() => quantize(gaussian, 768, new Float32Array(768).fill(-1))).toThrow("below 0");
    expect(() => quantize(gaussian, 768, new Float32Array(767))).toThrow("767 columns of 768");
    expect(() => quantize(gaussian, 0)).toThrow("whole blocks");
    expect(() => quantize(gaussian.subarray(0, 700), 768)).toThrow("whole rows");
    if (blockSize > 1) expect(() => quantize(gaussian.subarray(0, 780), 780)).toThrow(`whole blocks of ${name}`);
  });
});

/** Formats in which nothing is looked for. */
const UNWEIGHTED: ReadonlySet<string> = new Set(["Q8_0", "F16", "BF16", "F32"]);

/** What quantising again errs, of what quantising once did: a search may find another scale that fits what was found. */
const AGAIN: Readonly<Record<FormatName, number>> = {
  Q2_K: 1e-6,
  Q3_K: 0.06,
  IQ4_XS: 1e-6,
  Q4_K: 1e-6,
  Q4_0: 1e-6,
  IQ4_NL: 1e-6,
  Q4_1: 1e-6,
  Q5_K: 0.002,
  Q5_0: 1e-6,
  Q5_1: 1e-6,
  Q6_K: 1e-6,
  Q8_0: 1e-6,
  F16: 0,
  BF16: 0,
  F32: 0,
};
