import { expect, test } from "vitest";
import { GGML_TYPES } from "../../../src/engine/model/formats/stored-types";
import { bytesOf, dividesRows, FORMATS, formatForColumns, formatOf } from "../../../src/engine/quantize/formats";

test("formats are those of files, from the fewest bits to the most", () => {
  for (const { name, ggmlType, blockSize, bytesPerBlock } of FORMATS)
    expect(GGML_TYPES.get(ggmlType)).toEqual({ name, weights: blockSize, bytes: bytesPerBlock });
  const bits = FORMATS.map(({ bitsPerWeight }) => bitsPerWeight);
  expect(bits).toEqual([...bits].sort((a, b) => a - b));
});

test("bits of a weight, its scales included, are those that llama.cpp's documentation names", () => {
  const bits = Object.fromEntries(FORMATS.map(({ name, bitsPerWeight }) => [name, bitsPerWeight]));
  expect(bits).toMatchObject({
    Q2_K: 2.625,
    Q3_K: 3.4375,
    Q4_K: 4.5,
    Q5_K: 5.5,
    Q6_K: 6.5625,
    IQ4_XS: 4.25,
    IQ4_NL: 4.5,
  });
  expect(bits).toMatchObject({ Q4_0: 4.5, Q4_1: 5, Q5_0: 5.5, Q5_1: 6, Q8_0: 8.5, F16: 16, BF16: 16, F32: 32 });
});

test("bytes of rows", () => {
  expect(bytesOf("Q4_K", 4096 * 3)).toBe(16 * 3 * 144);
  expect(bytesOf("F16", 7)).toBe(14);
  expect(() => formatOf("Q9_0" as "Q8_0")).toThrow("Q9_0");
});

test("rows divide by blocks, or another format takes their place, as llama.cpp has it", () => {
  expect(dividesRows("Q4_K", 1024)).toBe(true);
  expect(dividesRows("Q4_K", 576)).toBe(false);
  expect(FORMATS.map(({ name }) => formatForColumns(name, 1024))).toEqual(FORMATS.map(({ name }) => name));
  const instead = (columns: number): string => FORMATS.map(({ name }) => formatForColumns(name, columns)).join(" ");
  expect(instead(576)).toBe("Q4_0 Q4_0 IQ4_NL Q5_0 Q4_0 IQ4_NL Q4_1 Q5_1 Q5_0 Q5_1 Q8_0 Q8_0 F16 BF16 F32");
  expect(instead(100)).toBe("F16 F16 F16 F16 F16 F16 F16 F16 F16 F16 F16 F16 F16 BF16 F32");
});
