/** What is added to the score of a head of the queries, at `position`, for a position that it sees. */
export type PositionBias = (head: number, position: number, seen: number) => number;

/**
 * Attention with linear biases (Press et al. 2022): a head's score falls with the distance, by its slope. Softmax does not notice what is
 * added to all scores of a position, and so it is the distance here that transformers has as the position seen.
 */
export function linearBias(slopes: readonly number[]): PositionBias {
  return (head, position, seen) => (slopes[head] ?? 0) * (seen - position);
}

/** The slopes of BLOOM's heads: powers of one number, and where their count is no power of 2, odd powers of its root (`modeling_bloom.py`). */
export function bloomSlopes(heads: number): number[] {
  const whole = 2 ** Math.floor(Math.log2(heads));
  const base = (count: number): number => Math.fround(2 ** -(2 ** -(Math.log2(count) - 3)));
  return Array.from({ length: heads }, (_, head) =>
    head < whole ? base(whole) ** (head + 1) : base(2 * whole) ** (2 * (head - whole) + 1),
  );
}

/** The slopes of MPT's heads: those of the next power of 2, every second one first (`modeling_mpt.py`). */
export function mptSlopes(heads: number, steepest = 8): number[] {
  const whole = 2 ** Math.ceil(Math.log2(heads));
  const all = Array.from({ length: whole }, (_, i) => 2 ** (-(steepest * (i + 1)) / whole));
  if (whole === heads) return all;
  return [...all.filter((_, i) => i % 2 === 1), ...all.filter((_, i) => i % 2 === 0)].slice(0, heads);
}

/** Falcon's are BLOOM's, in bfloat16 throughout, and scaled as scores are (`modeling_falcon.py`, `build_alibi_tensor`). */
export function falconBias(heads: number, headSize: number): PositionBias {
  const slopes = bloomSlopes(heads).map(roundToBfloat16);
  return (head, _, seen) => roundToBfloat16((slopes[head] ?? 0) * roundToBfloat16(seen)) / Math.sqrt(headSize);
}

/** The nearest number that bfloat16 has: 8 bits of mantissa, ties to even. */
export function roundToBfloat16(value: number): number {
  const bits = new DataView(new ArrayBuffer(4));
  bits.setFloat32(0, value);
  const word = bits.getUint32(0);
  bits.setUint32(0, (word + 0x7fff + ((word >>> 16) & 1)) & 0xffff0000);
  return bits.getFloat32(0);
}
