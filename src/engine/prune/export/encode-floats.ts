import { ParamscopeError } from "../../errors";

/** The types of floats that weights are stored as. */
export type FloatType = "F32" | "F16" | "BF16";

export const bytesPerWeight: Readonly<Record<FloatType, number>> = { F32: 4, F16: 2, BF16: 2 };

export function isFloatType(type: string): type is FloatType {
  return Object.hasOwn(bytesPerWeight, type);
}

/**
 * The bytes of weights as they are stored, in little-endian order. A type of 16 bits takes values that came from it, or 0: nothing is rounded.
 * @throws ParamscopeError where a value does not fit.
 */
export function encodeFloats(values: Float32Array, type: FloatType): Uint8Array {
  if (type === "F32") return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const words = new Uint16Array(values.length);
  const encode = type === "BF16" ? bfloat16 : float16;
  for (let i = 0; i < words.length; i++) words[i] = encode(bits[i] ?? 0);
  return new Uint8Array(words.buffer);
}

function bfloat16(bits: number): number {
  if ((bits & 0xffff) !== 0) throw inexact("BF16");
  return bits >>> 16;
}

function float16(bits: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const exponent = ((bits >>> 23) & 0xff) - 127;
  const mantissa = bits & 0x7fffff;
  if ((bits & 0x7fffffff) === 0) return sign;
  // below 2⁻¹⁴ a value is a multiple of 2⁻²⁴, without an exponent of its own
  const dropped = exponent >= -14 ? 13 : -1 - exponent;
  const whole = exponent >= -14 ? mantissa : mantissa | 0x800000;
  if (exponent > 15 || exponent < -24 || whole % 2 ** dropped !== 0) throw inexact("F16");
  return sign | (exponent >= -14 ? ((exponent + 15) << 10) | (mantissa >>> 13) : whole >>> dropped);
}

function inexact(type: FloatType): ParamscopeError {
  return new ParamscopeError(
    `A weight is not one that ${type} can hold, though it was read from it.`,
    "Check the model's files.",
  );
}
