/** AssemblyScript: what the layouts of ggml's blocks have in common. */

/** The exponent of a float16 that is infinite or no number. */
export const NOT_FINITE: u32 = 0x7c00;
export const INFINITE: u32 = 0x7f800000;
/** What the bits of a float32 are more than a float16's in the same place: its exponents count from −127, not from −15. */
export const REBIAS: u32 = (127 - 15) << 23;
/** The bits of 2⁻¹⁴, the smallest float16 that is not subnormal. */
export const SMALLEST_NORMAL: u32 = REBIAS + (1 << 23);

// @ts-expect-error: decorators stand on functions in AssemblyScript only
@inline
export function isFiniteHalf(at: usize): bool {
  return (load<u16>(at) & NOT_FINITE) != NOT_FINITE;
}

/** Subnormal values come from a difference of normal ones: processors take a hundred times as long with subnormal ones. */
// @ts-expect-error: as above
@inline
export function halfOf(bits: u32): f32 {
  const sign = (bits & 0x8000) << 16;
  const size = (bits & 0x7fff) << 13;
  const exponent = bits & NOT_FINITE;
  if (exponent == NOT_FINITE) return reinterpret<f32>(sign | INFINITE | size);
  if (exponent != 0) return reinterpret<f32>(sign | (size + REBIAS));
  const value = reinterpret<f32>(size + SMALLEST_NORMAL) - reinterpret<f32>(SMALLEST_NORMAL);
  return sign == 0 ? value : -value;
}

// @ts-expect-error: as above
@inline
export function lowNibbles(quants: v128): v128 {
  return v128.and(quants, i8x16.splat(15));
}

// @ts-expect-error: as above
@inline
export function highNibbles(quants: v128): v128 {
  return i8x16.shr_u(quants, 4);
}

/** 16 signed bytes times d. */
// @ts-expect-error: as above
@inline
export function scaled(to: usize, q: v128, d: v128): void {
  const low = i16x8.extend_low_i8x16_s(q);
  const high = i16x8.extend_high_i8x16_s(q);
  v128.store(to, f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(low)), d));
  v128.store(to, f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(low)), d), 16);
  v128.store(to, f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(high)), d), 32);
  v128.store(to, f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(high)), d), 48);
}

/** 16 signed bytes times d, plus m. */
// @ts-expect-error: as above
@inline
export function shifted(to: usize, q: v128, d: v128, m: v128): void {
  const low = i16x8.extend_low_i8x16_s(q);
  const high = i16x8.extend_high_i8x16_s(q);
  v128.store(to, f32x4.add(f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(low)), d), m));
  v128.store(to, f32x4.add(f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(low)), d), m), 16);
  v128.store(to, f32x4.add(f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(high)), d), m), 32);
  v128.store(to, f32x4.add(f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(high)), d), m), 48);
}

// @ts-expect-error: as above
@inline
export function half(at: usize): f32 {
  return halfOf(load<u16>(at));
}

/** 8 signed bytes, the lower half of q, times d. */
// @ts-expect-error: as above
@inline
export function scaledEight(to: usize, q: v128, d: v128): void {
  const wide = i16x8.extend_low_i8x16_s(q);
  v128.store(to, f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(wide)), d));
  v128.store(to, f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(wide)), d), 16);
}

/** Whether `count` float32 from `at` on are all finite. */
export function areFinite(at: usize, count: usize): bool {
  for (const end = at + 4 * count; at < end; at += 4) if ((load<u32>(at) & INFINITE) == INFINITE) return false;
  return true;
}
