/**
 * AssemblyScript, compiled to WebAssembly: stored weights to float32. Every exported function reads `blocks` blocks from `from`
 * on, writes their weights to `to`, and returns whether all are finite. Pointers are in bytes and need no alignment.
 *
 * Layouts of ggml's blocks are those of ggml-common.h, the arithmetic that of ggml-quants.c `dequantize_row_*`: products are exact
 * in float32, so that one rounding here equals one rounding there. Finite scales make finite weights: only they are looked at.
 */
import {
  areFinite,
  half,
  highNibbles,
  INFINITE,
  isFiniteHalf,
  lowNibbles,
  NOT_FINITE,
  REBIAS,
  scaled,
  scaledEight,
  shifted,
  SMALLEST_NORMAL,
} from "./blocks";

const LANES: usize = 4;

/** A weight is a block: the upper half of a float32. */
export function BF16(from: usize, blocks: usize, to: usize): bool {
  const infinite = i32x4.splat(INFINITE);
  let damaged = i32x4.splat(0);
  const end = to + 4 * blocks;
  for (const whole = end - 4 * (blocks % LANES); to < whole; from += 8, to += 16) {
    const values = i32x4.shl(v128.load16x4_u(from), 16);
    damaged = v128.or(damaged, i32x4.eq(v128.and(values, infinite), infinite));
    v128.store(to, values);
  }
  let finite: bool = !v128.any_true(damaged);
  for (; to < end; from += 2, to += 4) {
    const bits = <u32>load<u16>(from) << 16;
    finite = finite && (bits & INFINITE) != INFINITE;
    store<u32>(to, bits);
  }
  return finite;
}

/** A weight is a block. */
export function F16(from: usize, blocks: usize, to: usize): bool {
  const exponent = i32x4.splat(NOT_FINITE);
  const smallest = i32x4.splat(SMALLEST_NORMAL);
  let damaged = i32x4.splat(0);
  const end = to + 4 * blocks;
  for (const whole = end - 4 * (blocks % LANES); to < whole; from += 8, to += 16) {
    const bits = v128.load16x4_u(from);
    const exponents = v128.and(bits, exponent);
    const isDamaged = i32x4.eq(exponents, exponent);
    damaged = v128.or(damaged, isDamaged);
    const sign = i32x4.shl(v128.and(bits, i32x4.splat(0x8000)), 16);
    const size = i32x4.shl(v128.and(bits, i32x4.splat(0x7fff)), 13);
    const normal = v128.or(i32x4.add(size, i32x4.splat(REBIAS)), v128.and(isDamaged, i32x4.splat(INFINITE)));
    const subnormal = f32x4.sub(i32x4.add(size, smallest), smallest);
    const isSubnormal = i32x4.eq(exponents, i32x4.splat(0));
    v128.store(to, v128.or(sign, v128.bitselect(subnormal, normal, isSubnormal)));
  }
  let finite: bool = !v128.any_true(damaged);
  for (; to < end; from += 2, to += 4) {
    finite = finite && isFiniteHalf(from);
    store<f32>(to, half(from));
  }
  return finite;
}

/** 32 weights: float16 d, 16 bytes of nibbles. `d · (q − 8)`; low nibbles are weights 0…15, high nibbles 16…31. */
export function Q4_0(from: usize, blocks: usize, to: usize): bool {
  let finite: bool = true;
  const offset = i8x16.splat(8);
  for (let end = from + blocks * 18; from < end; from += 18, to += 128) {
    finite = finite && isFiniteHalf(from);
    const d = f32x4.splat(half(from));
    const quants = v128.load(from, 2);
    scaled(to, i8x16.sub(lowNibbles(quants), offset), d);
    scaled(to + 64, i8x16.sub(highNibbles(quants), offset), d);
  }
  return finite;
}

/** float16 d and m, then as Q4_0: `d · q + m`. */
export function Q4_1(from: usize, blocks: usize, to: usize): bool {
  let finite: bool = true;
  for (let end = from + blocks * 20; from < end; from += 20, to += 128) {
    finite = finite && isFiniteHalf(from) && isFiniteHalf(from + 2);
    const d = f32x4.splat(half(from));
    const m = f32x4.splat(half(from + 2));
    const quants = v128.load(from, 4);
    shifted(to, lowNibbles(quants), d, m);
    shifted(to + 64, highNibbles(quants), d, m);
  }
  return finite;
}

/** As Q4_0, with a fifth bit per weight in a 32-bit word behind d: `d · (q − 16)`. */
export function Q5_0(from: usize, blocks: usize, to: usize): bool {
  let finite: bool = true;
  const offset = i8x16.splat(16);
  for (let end = from + blocks * 22; from < end; from += 22, to += 128) {
    finite = finite && isFiniteHalf(from);
    const d = f32x4.splat(half(from));
    const quants = v128.load(from, 6);
    scaled(to, i8x16.sub(v128.or(lowNibbles(quants), fifthBits(from + 2)), offset), d);
    scaled(to + 64, i8x16.sub(v128.or(highNibbles(quants), fifthBits(from + 4)), offset), d);
  }
  return finite;
}

/** As Q4_1, with the fifth bits behind m. */
export function Q5_1(from: usize, blocks: usize, to: usize): bool {
  let finite: bool = true;
  for (let end = from + blocks * 24; from < end; from += 24, to += 128) {
    finite = finite && isFiniteHalf(from) && isFiniteHalf(from + 2);
    const d = f32x4.splat(half(from));
    const m = f32x4.splat(half(from + 2));
    const quants = v128.load(from, 8);
    shifted(to, v128.or(lowNibbles(quants), fifthBits(from + 4)), d, m);
    shifted(to + 64, v128.or(highNibbles(quants), fifthBits(from + 6)), d, m);
  }
  return finite;
}

/** float16 d, 32 signed bytes: `d · q`. */
export function Q8_0(from: usize, blocks: usize, to: usize): bool {
  let finite: bool = true;
  for (let end = from + blocks * 34; from < end; from += 34, to += 128) {
    finite = finite && isFiniteHalf(from);
    const d = f32x4.splat(half(from));
    scaled(to, v128.load(from, 2), d);
    scaled(to + 64, v128.load(from, 18), d);
  }
  return finite;
}

/** 256 weights: 16 × (4-bit scale, 4-bit minimum), 64 bytes of 2-bit quants, float16 d and dmin. */
export function Q2_K(from: usize, blocks: usize, to: usize): bool {
  let finite: bool = true;
  const three = i8x16.splat(3);
  for (let end = from + blocks * 84; from < end; from += 84) {
    finite = finite && isFiniteHalf(from + 80) && isFiniteHalf(from + 82);
    const d = half(from + 80);
    const dmin = half(from + 82);
    let group = from;
    for (let quants = from + 16; quants < from + 80; quants += 32) {
      for (let shift = 0; shift < 8; shift += 2) {
        for (let side: usize = 0; side < 32; side += 16, to += 64) {
          const scale = load<u8>(group++);
          const q = v128.and(i8x16.shr_u(v128.load(quants + side), shift), three);
          shifted(to, q, f32x4.splat(d * <f32>(scale & 15)), f32x4.splat(-dmin * <f32>(scale >> 4)));
        }
      }
    }
  }
  return finite;
}

/** 32 bytes of high bits, 64 of 2-bit quants, 16 signed 6-bit scales in 12 bytes, float16 d. */
export function Q3_K(from: usize, blocks: usize, to: usize): bool {
  let finite: bool = true;
  const three = i8x16.splat(3);
  const four = i8x16.splat(4);
  for (let end = from + blocks * 110; from < end; from += 110) {
    finite = finite && isFiniteHalf(from + 108);
    const d = half(from + 108);
    let group: usize = 0;
    let bit = 0;
    for (let quants = from + 32; quants < from + 96; quants += 32) {
      for (let shift = 0; shift < 8; shift += 2, bit++) {
        for (let side: usize = 0; side < 32; side += 16, to += 64) {
          const low = v128.and(i8x16.shr_u(v128.load(quants + side), shift), three);
          const high = v128.and(i8x16.shl(i8x16.shr_u(v128.load(from + side), bit), 2), four);
          scaled(to, i8x16.sub(v128.or(low, high), four), f32x4.splat(d * <f32>signedScale(from + 96, group++)));
        }
      }
    }
  }
  return finite;
}

/** float16 d and dmin, 8 × (6-bit scale, 6-bit minimum) in 12 bytes, 128 bytes of 4-bit quants. */
export function Q4_K(from: usize, blocks: usize, to: usize): bool {
  return scaledPairs(from, blocks, to, false);
}

/** As Q4_K, with a fifth bit per weight in 32 bytes between scales and quants. */
export function Q5_K(from: usize, blocks: usize, to: usize): bool {
  return scaledPairs(from, blocks, to, true);
}

// @ts-expect-error: decorators stand on functions in AssemblyScript only
@inline
function scaledPairs(from: usize, blocks: usize, to: usize, hasFifthBits: bool): bool {
  let finite: bool = true;
  const sixteen = i8x16.splat(16);
  const size: usize = hasFifthBits ? 176 : 144;
  for (let end = from + blocks * size; from < end; from += size) {
    finite = finite && isFiniteHalf(from) && isFiniteHalf(from + 2);
    const d = half(from);
    const dmin = half(from + 2);
    for (let pair: usize = 0; pair < 4; pair++, to += 256) {
      const scales = from + 4;
      const d1 = f32x4.splat(d * <f32>scaleOf(scales, 2 * pair));
      const m1 = f32x4.splat(-dmin * <f32>minimumOf(scales, 2 * pair));
      const d2 = f32x4.splat(d * <f32>scaleOf(scales, 2 * pair + 1));
      const m2 = f32x4.splat(-dmin * <f32>minimumOf(scales, 2 * pair + 1));
      for (let side: usize = 0; side < 32; side += 16) {
        const quants = v128.load(from + (hasFifthBits ? 48 : 16) + 32 * pair + side);
        let low = lowNibbles(quants);
        let high = highNibbles(quants);
        if (hasFifthBits) {
          const fifth = i8x16.shr_u(v128.load(from + 16 + side), <i32>(2 * pair));
          low = v128.or(low, v128.and(i8x16.shl(fifth, 4), sixteen));
          high = v128.or(high, v128.and(i8x16.shl(fifth, 3), sixteen));
        }
        shifted(to + 4 * side, low, d1, m1);
        shifted(to + 4 * side + 128, high, d2, m2);
      }
    }
  }
  return finite;
}

/** 128 bytes of 4 low bits, 64 of 2 high bits, 16 signed bytes of scales, float16 d. */
export function Q6_K(from: usize, blocks: usize, to: usize): bool {
  let finite: bool = true;
  const highest = i8x16.splat(48);
  const offset = i8x16.splat(32);
  for (let end = from + blocks * 210; from < end; from += 210) {
    finite = finite && isFiniteHalf(from + 208);
    const d = half(from + 208);
    for (let part: usize = 0; part < 2; part++, to += 512) {
      for (let side: usize = 0; side < 2; side++) {
        const at = to + 64 * side;
        const scales = from + 192 + 8 * part + side;
        const a = v128.load(from + 64 * part + 16 * side);
        const b = v128.load(from + 64 * part + 16 * side + 32);
        const h = v128.load(from + 128 + 32 * part + 16 * side);
        const q1 = v128.or(lowNibbles(a), v128.and(i8x16.shl(h, 4), highest));
        const q2 = v128.or(lowNibbles(b), v128.and(i8x16.shl(h, 2), highest));
        const q3 = v128.or(highNibbles(a), v128.and(h, highest));
        const q4 = v128.or(highNibbles(b), v128.and(i8x16.shr_u(h, 2), highest));
        scaled(at, i8x16.sub(q1, offset), f32x4.splat(d * <f32>load<i8>(scales)));
        scaled(at + 128, i8x16.sub(q2, offset), f32x4.splat(d * <f32>load<i8>(scales, 2)));
        scaled(at + 256, i8x16.sub(q3, offset), f32x4.splat(d * <f32>load<i8>(scales, 4)));
        scaled(at + 384, i8x16.sub(q4, offset), f32x4.splat(d * <f32>load<i8>(scales, 6)));
      }
    }
  }
  return finite;
}

/** As Q4_0, but a nibble is a place in a table of 16 values: `d · table[q]`. */
export function IQ4_NL(from: usize, blocks: usize, to: usize): bool {
  let finite: bool = true;
  for (let end = from + blocks * 18; from < end; from += 18, to += 128) {
    finite = finite && isFiniteHalf(from);
    const d = f32x4.splat(half(from));
    const quants = v128.load(from, 2);
    scaled(to, i8x16.swizzle(unevenValues(), lowNibbles(quants)), d);
    scaled(to + 64, i8x16.swizzle(unevenValues(), highNibbles(quants)), d);
  }
  return finite;
}

/** float16 d, 8 scales of 6 bits (2 bytes of two high ones each, 4 of four low ones), 128 bytes of nibbles as in IQ4_NL: `d · (scale − 32) · table[q]`. */
export function IQ4_XS(from: usize, blocks: usize, to: usize): bool {
  let finite: bool = true;
  for (let end = from + blocks * 136; from < end; from += 136) {
    finite = finite && isFiniteHalf(from);
    const d = half(from);
    const highs: u32 = load<u16>(from, 2);
    for (let group: usize = 0; group < 8; group++, to += 128) {
      const low = (<u32>load<u8>(from + 4 + (group >> 1)) >> <u32>(4 * (group & 1))) & 15;
      const high = (highs >> <u32>(2 * group)) & 3;
      const dl = f32x4.splat(d * <f32>(<i32>(low | (high << 4)) - 32));
      const quants = v128.load(from + 8 + 16 * group);
      scaled(to, i8x16.swizzle(unevenValues(), lowNibbles(quants)), dl);
      scaled(to + 64, i8x16.swizzle(unevenValues(), highNibbles(quants)), dl);
    }
  }
  return finite;
}

/** ggml's `kvalues_iq4nl`. */
// @ts-expect-error: as above
@inline
function unevenValues(): v128 {
  return i8x16(-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113);
}

/** 32 weights: a byte e, 16 bytes of nibbles as in Q4_0, each a float of 4 bits (e2m1): `2^(e − 128) · 2q`. */
export function MXFP4(from: usize, blocks: usize, to: usize): bool {
  let finite: bool = true;
  // doubled, so that all are whole numbers
  const values = i8x16(0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12);
  for (let end = from + blocks * 17; from < end; from += 17, to += 128) {
    const e: u32 = load<u8>(from);
    // ggml's `e8m0_to_fp32_half`: below 2 the float is subnormal
    const d = f32x4.splat(reinterpret<f32>(e < 2 ? 0x00200000 << e : (e - 1) << 23));
    const quants = v128.load(from, 1);
    scaled(to, i8x16.swizzle(values, lowNibbles(quants)), d);
    scaled(to + 64, i8x16.swizzle(values, highNibbles(quants)), d);
    // 2^(252 − 128) · 12 is finite, twice that is not
    if (e > 252) finite = finite && areFinite(to, 32);
  }
  return finite;
}

/** 256 weights: 64 bytes of 2-bit quants, four rows of 32 in each 32 bytes, float16 d: `d · (q − 1)`. */
export function TQ2_0(from: usize, blocks: usize, to: usize): bool {
  let finite: bool = true;
  const one = i8x16.splat(1);
  const three = i8x16.splat(3);
  for (let end = from + blocks * 66; from < end; from += 66) {
    finite = finite && isFiniteHalf(from + 64);
    const d = f32x4.splat(half(from + 64));
    for (let quants = from; quants < from + 64; quants += 32)
      for (let shift = 0; shift < 8; shift += 2)
        for (let side: usize = 0; side < 32; side += 16, to += 64)
          scaled(to, i8x16.sub(v128.and(i8x16.shr_u(v128.load(quants + side), shift), three), one), d);
  }
  return finite;
}

/** 256 weights of −1, 0 and 1, five in a byte: 32 bytes, 16 bytes, and 4 bytes with four each, float16 d. */
export function TQ1_0(from: usize, blocks: usize, to: usize): bool {
  let finite: bool = true;
  for (let end = from + blocks * 54; from < end; from += 54) {
    finite = finite && isFiniteHalf(from + 52);
    const d = f32x4.splat(half(from + 52));
    for (let power: i16 = 1; power <= 81; power *= 3)
      for (let side: usize = 0; side < 32; side += 8, to += 32) scaledEight(to, ternary(from + side, power), d);
    for (let power: i16 = 1; power <= 81; power *= 3)
      for (let side: usize = 0; side < 16; side += 8, to += 32) scaledEight(to, ternary(from + 32 + side, power), d);
    for (let power: i16 = 1; power <= 27; power *= 3, to += 16) {
      const four = i16x8.extend_low_i8x16_s(ternary(from + 48, power));
      v128.store(to, f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(four)), d));
    }
  }
  return finite;
}

/** Of 8 bytes the digit of base 3 that multiplying by a power of 3 brings to the front, less 1, as signed bytes. */
// @ts-expect-error: as above
@inline
function ternary(at: usize, power: i16): v128 {
  const rest = v128.and(i16x8.mul(v128.load8x8_u(at), i16x8.splat(power)), i16x8.splat(255));
  const digits = i16x8.sub(i16x8.shr_u(i16x8.mul(rest, i16x8.splat(3)), 8), i16x8.splat(1));
  return i8x16.narrow_i16x8_s(digits, digits);
}

/** Of 16 bits from `at` on, lowest first, a byte each: 16 where they are set. */
// @ts-expect-error: as above
@inline
function fifthBits(at: usize): v128 {
  const bytes = i8x16.swizzle(v128.load16_splat(at), i8x16(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1));
  const own = i8x16(1, 2, 4, 8, 16, 32, 64, -128, 1, 2, 4, 8, 16, 32, 64, -128);
  return v128.and(i8x16.eq(v128.and(bytes, own), own), i8x16.splat(16));
}

/** ggml's `get_scale_min_k4`: eight 6-bit pairs packed in 12 bytes. */
// @ts-expect-error: as above
@inline
function scaleOf(scales: usize, j: usize): i32 {
  if (j < 4) return load<u8>(scales + j) & 63;
  return (load<u8>(scales + j + 4) & 15) | ((load<u8>(scales + j - 4) >> 6) << 4);
}

// @ts-expect-error: as above
@inline
function minimumOf(scales: usize, j: usize): i32 {
  if (j < 4) return load<u8>(scales + j + 4) & 63;
  return (load<u8>(scales + j + 4) >> 4) | ((load<u8>(scales + j) >> 6) << 4);
}

/** The j-th of Q3_K's 16 scales: four low bits in 8 bytes, two high ones in 4. */
// @ts-expect-error: as above
@inline
function signedScale(scales: usize, j: usize): i32 {
  const low = j < 8 ? load<u8>(scales + j) & 15 : load<u8>(scales + j - 8) >> 4;
  const high = (load<u8>(scales + 8 + (j & 3)) >> <u8>(2 * (j >> 2))) & 3;
  return <i32>(low | (high << 4)) - 32;
}

export * from "./codebook";
