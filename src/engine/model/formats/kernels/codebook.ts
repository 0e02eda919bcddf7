/**
 * AssemblyScript: ggml's types whose quants are places in a codebook of 4 or 8 small whole numbers at a time. `codebook` points to the type's
 * own, signed bytes; the rest is as in expand.ts. Products are exact in float32 here too.
 */
import { half, halfOf, isFiniteHalf, NOT_FINITE, scaledEight } from "./blocks";

/** 256 weights: float16 d, 8 × (4 bytes of places, 32 bits of four 7-bit signs and a 4-bit scale): `d/8 · (2 · scale + 1) · value`. */
export function IQ2_XXS(from: usize, blocks: usize, to: usize, codebook: usize): bool {
  let finite: bool = true;
  for (let end = from + blocks * 66; from < end; from += 66) {
    finite = finite && isFiniteHalf(from);
    const d = half(from);
    for (let group = from + 2; group < from + 66; group += 8) {
      const word = load<u32>(group, 4);
      const dl = f32x4.splat(d * (0.5 + <f32>(word >> 28)) * 0.25);
      for (let i: usize = 0; i < 4; i++, to += 32)
        scaledEight(to, signed(eight(codebook, load<u8>(group + i)), evenSigns((word >> <u32>(7 * i)) & 127)), dl);
    }
  }
  return finite;
}

/** float16 d, 32 × (9-bit place, 7-bit signs), 16 scales of 4 bits, each for 16 weights. */
export function IQ2_XS(from: usize, blocks: usize, to: usize, codebook: usize): bool {
  let finite: bool = true;
  for (let end = from + blocks * 74; from < end; from += 74) {
    finite = finite && isFiniteHalf(from);
    const d = half(from);
    for (let i: usize = 0; i < 32; i++, to += 32) {
      const word: u32 = load<u16>(from + 2 + 2 * i);
      const dl = f32x4.splat(d * (0.5 + <f32>nibble(from + 66, i >> 1)) * 0.25);
      scaledEight(to, signed(eight(codebook, word & 511), evenSigns(word >> 9)), dl);
    }
  }
  return finite;
}

/** float16 d, 32 bytes of places, 32 of signs, 8 of two more bits for four places each, 16 scales of 4 bits. */
export function IQ2_S(from: usize, blocks: usize, to: usize, codebook: usize): bool {
  let finite: bool = true;
  for (let end = from + blocks * 82; from < end; from += 82) {
    finite = finite && isFiniteHalf(from);
    const d = half(from);
    for (let i: usize = 0; i < 32; i++, to += 32) {
      const high: u32 = (<u32>load<u8>(from + 66 + (i >> 2)) >> <u32>(2 * (i & 3))) & 3;
      const place = <u32>load<u8>(from + 2 + i) | (high << 8);
      const dl = f32x4.splat(d * (0.5 + <f32>nibble(from + 74, i >> 1)) * 0.25);
      scaledEight(to, signed(eight(codebook, place), load<u8>(from + 34 + i)), dl);
    }
  }
  return finite;
}

/** float16 d, 64 bytes of places of four, 8 × 32 bits of four 7-bit signs and a 4-bit scale: `d/4 · (2 · scale + 1) · value`. */
export function IQ3_XXS(from: usize, blocks: usize, to: usize, codebook: usize): bool {
  let finite: bool = true;
  for (let end = from + blocks * 98; from < end; from += 98) {
    finite = finite && isFiniteHalf(from);
    const d = half(from);
    for (let i: usize = 0; i < 32; i++, to += 32) {
      const word = load<u32>(from + 66 + 4 * (i >> 2));
      const dl = f32x4.splat(d * (0.5 + <f32>(word >> 28)) * 0.5);
      const values = twiceFour(codebook, load<u8>(from + 2 + 2 * i), load<u8>(from + 3 + 2 * i));
      scaledEight(to, signed(values, evenSigns((word >> <u32>(7 * (i & 3))) & 127)), dl);
    }
  }
  return finite;
}

/** float16 d, 64 bytes of places of four, 8 of a ninth bit of each, 32 of signs, 8 scales of 4 bits: `d · (2 · scale + 1) · value`. */
export function IQ3_S(from: usize, blocks: usize, to: usize, codebook: usize): bool {
  let finite: bool = true;
  for (let end = from + blocks * 110; from < end; from += 110) {
    finite = finite && isFiniteHalf(from);
    const d = half(from);
    for (let i: usize = 0; i < 32; i++, to += 32) {
      const high: u32 = <u32>load<u8>(from + 66 + (i >> 2)) >> <u32>(2 * (i & 3));
      const first = <u32>load<u8>(from + 2 + 2 * i) | ((high & 1) << 8);
      const second = <u32>load<u8>(from + 3 + 2 * i) | ((high & 2) << 7);
      const dl = f32x4.splat(d * odd(nibble(from + 106, i >> 2)));
      scaledEight(to, signed(twiceFour(codebook, first, second), load<u8>(from + 74 + i)), dl);
    }
  }
  return finite;
}

/** float16 d, 32 bytes of places, 8 × 16 bits of four times three more, a 3-bit scale and the sign of 1/8: `d · (2 · scale + 1) · (value ± 1/8)`. */
export function IQ1_S(from: usize, blocks: usize, to: usize, codebook: usize): bool {
  let finite: bool = true;
  for (let end = from + blocks * 50; from < end; from += 50) {
    finite = finite && isFiniteHalf(from);
    const d = half(from);
    for (let i: usize = 0; i < 32; i++, to += 32) {
      const word: u32 = load<u16>(from + 34 + 2 * (i >> 2));
      const place = <u32>load<u8>(from + 2 + i) | (((word >> <u32>(3 * (i & 3))) & 7) << 8);
      shiftedEight(to, eight(codebook, place), (word & 0x8000) == 0, d * odd((word >> 12) & 7));
    }
  }
  return finite;
}

/**
 * 32 bytes of places, 16 of four bits more for each two: three of the place and the sign of 1/8; 4 × 16 bits of four 3-bit scales, each for 16
 * weights, and in their highest four bits, lowest first, float16 d.
 */
export function IQ1_M(from: usize, blocks: usize, to: usize, codebook: usize): bool {
  let finite: bool = true;
  for (let end = from + blocks * 56; from < end; from += 56) {
    const bits: u32 =
      (<u32>load<u16>(from, 48) >> 12) |
      ((<u32>load<u16>(from, 50) >> 8) & 0xf0) |
      ((<u32>load<u16>(from, 52) >> 4) & 0xf00) |
      (<u32>load<u16>(from, 54) & 0xf000);
    finite = finite && (bits & NOT_FINITE) != NOT_FINITE;
    const d = halfOf(bits);
    for (let i: usize = 0; i < 32; i++, to += 32) {
      const more = nibble(from + 32, i);
      const place = <u32>load<u8>(from + i) | ((more & 7) << 8);
      const scale = (<u32>load<u16>(from + 48 + 2 * (i >> 3)) >> <u32>(3 * ((i >> 1) & 3))) & 7;
      shiftedEight(to, eight(codebook, place), (more & 8) == 0, d * odd(scale));
    }
  }
  return finite;
}

/** 2 · scale + 1 */
// @ts-expect-error: decorators stand on functions in AssemblyScript only
@inline
function odd(scale: u32): f32 {
  const value: u32 = 2 * scale + 1;
  return <f32>value;
}

/** The 8 bytes at a place of a codebook, in the lower half. */
// @ts-expect-error: as above
@inline
function eight(codebook: usize, place: u32): v128 {
  return v128.load64_zero(codebook + 8 * place);
}

/** 4 bytes each of two places. */
// @ts-expect-error: as above
@inline
function twiceFour(codebook: usize, first: u32, second: u32): v128 {
  return v128.load32_lane(codebook + 4 * second, v128.load32_zero(codebook + 4 * first), 1);
}

/** The i-th of nibbles, low ones first. */
// @ts-expect-error: as above
@inline
function nibble(at: usize, i: usize): u32 {
  return (<u32>load<u8>(at + (i >> 1)) >> <u32>(4 * (i & 1))) & 15;
}

/** Seven signs, and the eighth that makes the number of negative ones even (ggml's `ksigns_iq2xs`). */
// @ts-expect-error: as above
@inline
function evenSigns(seven: u32): u32 {
  return seven | ((popcnt(seven) & 1) << 7);
}

/** Of bytes those negated whose bit is set, lowest first. */
// @ts-expect-error: as above
@inline
function signed(values: v128, signs: u32): v128 {
  const own = i8x16(1, 2, 4, 8, 16, 32, 64, -128, 0, 0, 0, 0, 0, 0, 0, 0);
  const negative = i8x16.eq(v128.and(i8x16.splat(<i8>signs), own), own);
  return i8x16.sub(v128.xor(values, negative), negative);
}

/** 8 signed bytes, each with 1/8 added or taken away, times d. */
// @ts-expect-error: as above
@inline
function shiftedEight(to: usize, q: v128, isAdded: bool, d: f32): void {
  const delta = f32x4.splat(isAdded ? 0.125 : -0.125);
  const wide = i16x8.extend_low_i8x16_s(q);
  const low = f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(wide));
  const high = f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(wide));
  v128.store(to, f32x4.mul(f32x4.add(low, delta), f32x4.splat(d)));
  v128.store(to, f32x4.mul(f32x4.add(high, delta), f32x4.splat(d)), 16);
}
