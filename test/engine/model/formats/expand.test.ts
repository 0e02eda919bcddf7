import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { EXPAND } from "../../../../src/engine/model/formats/expand";
import { GGML_TYPES } from "../../../../src/engine/model/formats/stored-types";

/** From gguf-py: test/reference/make_quants.py. */
const reference = JSON.parse(readFileSync(new URL("../../../data/quants.json", import.meta.url), "utf8")) as Record<
  string,
  { blocks: string; values: string }
>;

function bytesOf(base64: string): Uint8Array {
  // A copy of its own: a Buffer's memory can begin anywhere.
  return Uint8Array.from(Buffer.from(base64, "base64"));
}

describe.each(Object.keys(reference))("%s", (name) => {
  const blocks = bytesOf(reference[name].blocks);
  const expected = new Float32Array(bytesOf(reference[name].values).buffer);

  test("gives the values of gguf-py to the last bit", () => {
    const out = new Float32Array(expected.length + 5);
    expect(EXPAND[name](blocks, expected.length, out, 3)).toBe(true);
    expect(new Uint32Array(out.slice(3, -2).buffer)).toEqual(new Uint32Array(expected.buffer));
    expect([...out.slice(0, 3), ...out.slice(-2)]).toEqual([0, 0, 0, 0, 0]);
  });

  test("gives them again and again, however many there are", () => {
    const times = Math.ceil(200_000 / expected.length);
    const long = new Uint8Array(times * blocks.length);
    for (let i = 0; i < times; i++) long.set(blocks, i * blocks.length);
    const out = new Float32Array(times * expected.length);
    expect(EXPAND[name](long, out.length, out, 0)).toBe(true);
    const same = (_: unknown, i: number): boolean =>
      Buffer.from(out.buffer, 4 * i * expected.length, 4 * expected.length).equals(Buffer.from(expected.buffer));
    expect(Array.from({ length: times }, same)).not.toContain(false);
  });

  test("notices infinite and NaN scales", () => {
    const type = [...GGML_TYPES.values()].find((one) => one.name === name);
    const clean = new Float32Array(expected.length);
    const flagged = new Set<number>();
    // of MXFP4 the scale is a byte, of IQ1_M it is in four words
    const bits = { BF16: 0x7f80, MXFP4: 0xfefe }[name] ?? 0x7c00;
    const words = name === "IQ1_M" ? 4 : 1;
    for (let at = 0; at + 2 * words <= (type?.bytes ?? 2); at += 2) {
      for (const exponent of words > 1 ? [0xffff, 0xfff0, 0x7fff] : [bits, bits | 0x8000, bits | 1]) {
        const damaged = blocks.slice();
        for (let word = 0; word < words; word++) {
          damaged[at + 2 * word] = exponent & 255;
          damaged[at + 2 * word + 1] = exponent >> 8;
        }
        const finite = EXPAND[name](damaged, expected.length, clean, 0);
        expect(finite).toBe(clean.every(Number.isFinite));
        if (!finite) flagged.add(at);
      }
    }
    expect(flagged.size).toBeGreaterThan(0);
  });
});

test.each(["F16", "BF16"])("%s: rows that begin between two words", (name) => {
  const blocks = bytesOf(reference[name].blocks);
  const expected = new Float32Array(bytesOf(reference[name].values).buffer);
  const out = new Float32Array(expected.length);
  expect(EXPAND[name](blocks.subarray(2), expected.length - 1, out, 1)).toBe(true);
  expect(out.subarray(1)).toEqual(expected.subarray(1));
});

test("F16: every pattern of bits is the number that IEEE 754 says, at every place", () => {
  const patterns = Uint16Array.from({ length: 65536 + 3 }, (_, i) => i & 65535);
  for (const first of [0, 1, 2, 3]) {
    const out = new Float32Array(65536);
    expect(EXPAND.F16(new Uint8Array(patterns.buffer, 2 * first, 2 * 65536), 65536, out, 0)).toBe(false);
    expect(out).toEqual(Float32Array.from(patterns.subarray(first, first + 65536), float16));
  }
});

function float16(bits: number): number {
  const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023];
  const ofLargest = fraction === 0 ? Infinity : NaN;
  const normal = (1 + fraction / 1024) * 2 ** (exponent - 15);
  const size = exponent === 31 ? ofLargest : exponent === 0 ? fraction * 2 ** -24 : normal;
  return bits & 0x8000 ? -size : size;
}

test("F32 notices NaN and infinity anywhere", () => {
  for (const bad of [NaN, Infinity, -Infinity]) {
    for (const at of [0, 1, 4]) {
      const values = new Float32Array(5).fill(-3.4e38);
      const out = new Float32Array(5);
      expect(EXPAND.F32(new Uint8Array(values.buffer), 5, out, 0)).toBe(true);
      values[at] = bad;
      expect(EXPAND.F32(new Uint8Array(values.buffer), 5, out, 0)).toBe(false);
    }
  }
});
