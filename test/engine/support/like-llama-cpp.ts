import { expect } from "vitest";
import type { Format } from "../../../src/engine/quantize/formats";
import { quantizer } from "../../../src/engine/quantize/quantizer";
import type { QuantizedByLlamaCpp } from "./llama-cpp";

export interface RowsToTry {
  readonly name: string;
  readonly columns: number;
  readonly weights: Float32Array;
  readonly importance?: Float32Array;
}

/** Its error may be so many times llama.cpp's. */
const WORSE = 1.02;

/**
 * Holds what our quantiser makes of rows against llama.cpp's own: it reads the blocks as we do, our error is at most 1.02 times its, and where it
 * was compiled as we were measured, for x64 without fused products, the bytes are the same.
 */
export function expectLikeLlamaCpp(format: Format, rows: RowsToTry, theirs: QuantizedByLlamaCpp): void {
  const { weights, columns, importance } = rows;
  const { quantize, dequantize } = quantizer(format.name);
  const blocks = quantize(weights, columns, importance);
  const decoded = new Float32Array(weights.length);
  dequantize(theirs.blocks, decoded);
  expect(differing(bytesOf(decoded), bytesOf(theirs.decoded)), `${rows.name}: bytes read otherwise`).toBe(0);
  dequantize(blocks, decoded);
  const [ours, limit] = [decoded, theirs.decoded].map((read) => squaredError(weights, read, columns, importance));
  expect(ours, `${rows.name}: error`).toBeLessThanOrEqual(WORSE * limit);
  if (process.arch === "x64") expect(differing(blocks, theirs.blocks), `${rows.name}: bytes that differ`).toBe(0);
}

/** Σ importance · (decoded − weight)² */
export function squaredError(
  weights: Float32Array,
  decoded: Float32Array,
  columns: number,
  importance?: Float32Array,
): number {
  let sum = 0;
  for (let i = 0; i < weights.length; i++) sum += (importance?.[i % columns] ?? 1) * (decoded[i] - weights[i]) ** 2;
  return sum;
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** How many bytes are others. */
export function differing(one: Uint8Array, other: Uint8Array): number {
  let count = Math.abs(one.length - other.length);
  for (let i = 0; i < Math.min(one.length, other.length); i++) count += Number(one[i] !== other[i]);
  return count;
}
