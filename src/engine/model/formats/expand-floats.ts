/**
 * Expansion of stored floats to float32. Every function here reads `count` weights from the start of `source` (which
 * begins at an even address; float32 at a multiple of 4), writes them to `out` from `at`, and returns whether all of them are finite.
 *
 * Finiteness is looked up in the bits while they pass: an exponent of all ones, plus one, carries into the sign's place.
 */
export type Expand = (source: Uint8Array, count: number, out: Float32Array, at: number) => boolean;

export const expandFloat32: Expand = (source, count, out, at) => {
  const from = new Float32Array(source.buffer, source.byteOffset, count);
  out.set(from, at);
  return areFinite(out, at, at + count);
};

/** Whether `values[from..to)` are all neither NaN nor infinite. */
export function areFinite(values: Float32Array, from: number, to: number): boolean {
  const count = to - from;
  const bits = new Int32Array(values.buffer, values.byteOffset + 4 * from, count);
  let carry = 0;
  // Not `for … of`: over a typed array that is ten times as slow.
  for (let i = 0; i < count; i++) carry |= (bits[i] & 0x7f800000) + 0x00800000;
  return carry >= 0;
}

/** bfloat16 is the upper half of a float32. Two of them are moved at a time. */
export const expandBfloat16: Expand = (source, count, out, at) => {
  // A row of an odd number of weights can start between two words: then one at a time.
  const pairs = source.byteOffset & 3 ? 0 : count >> 1;
  const words = new Int32Array(source.buffer, source.byteOffset & ~3, pairs);
  const bits = new Int32Array(out.buffer, out.byteOffset + 4 * at, count);
  let carry = 0;
  for (let i = 0, o = 0; i < pairs; i++, o += 2) {
    const word = words[i];
    bits[o] = word << 16;
    bits[o + 1] = word & 0xffff0000;
    carry |= (word & 0x7f807f80) + 0x00800080;
  }
  for (let i = 2 * pairs; i < count; i++) {
    const half = source[2 * i] | (source[2 * i + 1] << 8);
    bits[i] = half << 16;
    carry |= (half & 0x7f80) + 0x0080;
  }
  return (carry & 0x80008000) === 0;
};

let float16Table: Float32Array | undefined;

/** The float32 value of each of the 65,536 float16 bit patterns. */
export function float16Values(): Float32Array {
  if (float16Table) return float16Table;
  const table = new Float32Array(65536);
  for (let bits = 0; bits < 65536; bits++) {
    const exponent = (bits >> 10) & 31;
    const fraction = bits & 1023;
    const size =
      exponent === 0
        ? fraction * 2 ** -24
        : exponent === 31
          ? fraction
            ? NaN
            : Infinity
          : (1 + fraction / 1024) * 2 ** (exponent - 15);
    table[bits] = bits & 0x8000 ? -size : size;
  }
  return (float16Table = table);
}

/** Through the table, two at a time. */
export const expandFloat16: Expand = (source, count, out, at) => {
  const table = new Int32Array(float16Values().buffer);
  const pairs = source.byteOffset & 3 ? 0 : count >> 1;
  const words = new Int32Array(source.buffer, source.byteOffset & ~3, pairs);
  const bits = new Int32Array(out.buffer, out.byteOffset + 4 * at, count);
  let carry = 0;
  for (let i = 0, o = 0; i < pairs; i++, o += 2) {
    const word = words[i];
    bits[o] = table[word & 0xffff];
    bits[o + 1] = table[word >>> 16];
    carry |= (word & 0x7c007c00) + 0x04000400;
  }
  for (let i = 2 * pairs; i < count; i++) {
    const half = source[2 * i] | (source[2 * i + 1] << 8);
    bits[i] = table[half];
    carry |= (half & 0x7c00) + 0x0400;
  }
  return (carry & 0x80008000) === 0;
};
