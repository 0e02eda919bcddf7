/** AssemblyScript: roundings, as ggml has them. */

/** No block of any format holds a magnitude beyond this one (Q6_K's comes near: 65504 · 128 · 32). Squares of those below are finite. */
const BEYOND: f32 = 1073741824;
/** Added to a float, it leaves the nearest whole number in the bits below. */
const TO_WHOLE: f32 = 12582912;
const LARGEST_HALF: f32 = 65504;
/** A group whose weights are all below is one of zeros: ggml's `GROUP_MAX_EPS`. */
export const NOTHING: f32 = 1e-15;

/** Four weights; those that no format holds are less far beyond what it does. */
// @ts-expect-error: decorators stand on functions in AssemblyScript only
@inline
export function held(at: usize): v128 {
  return f32x4.pmax(f32x4.splat(-BEYOND), f32x4.pmin(f32x4.splat(BEYOND), v128.load(at)));
}

/** ggml's `nearest_int`, halves to even; of magnitudes from 2²² on it is some number, and the same one. */
// @ts-expect-error: as above
@inline
export function nearest(value: f32): i32 {
  return (reinterpret<i32>(value + TO_WHOLE) & 0x007fffff) - 0x00400000;
}

/** The same of four, within bounds, as floats. */
// @ts-expect-error: as above
@inline
export function nearestWithin(values: v128, low: i32, high: i32): v128 {
  const bits = v128.and(f32x4.add(values, f32x4.splat(TO_WHOLE)), i32x4.splat(0x007fffff));
  const whole = i32x4.sub(bits, i32x4.splat(0x00400000));
  return i32x4.max_s(i32x4.splat(low), i32x4.min_s(i32x4.splat(high), whole));
}

/** As floats, of values that are known to be below 2²². */
// @ts-expect-error: as above
@inline
export function roundedWithin(values: v128, low: v128, high: v128): v128 {
  return f32x4.pmax(low, f32x4.pmin(high, f32x4.nearest(values)));
}

/** The bits of the nearest float16, halves to even; of what is beyond, those of the largest. ggml's `ggml_compute_fp32_to_fp16`, which makes infinities of these. */
export function halfBits(value: f32): u32 {
  const magnitude = abs<f32>(value);
  const bounded = magnitude < LARGEST_HALF ? magnitude : LARGEST_HALF;
  const doubled = reinterpret<u32>(bounded) << 1;
  const exponent = max<u32>(doubled & 0xff000000, 0x71000000);
  // what is behind the float16's digits is rounded away
  const base = bounded * reinterpret<f32>(0x77800000) * reinterpret<f32>(0x08800000);
  const bits = reinterpret<u32>(reinterpret<f32>((exponent >> 1) + 0x07800000) + base);
  return ((reinterpret<u32>(value) >> 16) & 0x8000) | (((bits >> 13) & 0x7c00) + (bits & 0x0fff));
}

/** Of four at a time, in the lower halves of the lanes. */
// @ts-expect-error: as above
@inline
export function fourHalfBits(values: v128): v128 {
  const bounded = f32x4.pmin(f32x4.splat(LARGEST_HALF), f32x4.abs(values));
  const exponent = i32x4.max_u(
    v128.and(i32x4.shl(bounded, 1), i32x4.splat(0xff000000)),
    i32x4.splat(0x71000000),
  );
  const base = f32x4.mul(
    f32x4.mul(bounded, i32x4.splat(0x77800000)),
    i32x4.splat(0x08800000),
  );
  const bits = f32x4.add(i32x4.add(i32x4.shr_u(exponent, 1), i32x4.splat(0x07800000)), base);
  const rounded = i32x4.add(
    v128.and(i32x4.shr_u(bits, 13), i32x4.splat(0x7c00)),
    v128.and(bits, i32x4.splat(0x0fff)),
  );
  return v128.or(v128.and(i32x4.shr_u(values, 16), i32x4.splat(0x8000)), rounded);
}

/** 1 / value, and 0 where that is infinite. */
// @ts-expect-error: as above
@inline
export function inverses(values: v128): v128 {
  const inverse = f32x4.div(f32x4.splat(1), values);
  return v128.andnot(inverse, f32x4.eq(f32x4.abs(inverse), f32x4.splat(Infinity)));
}
