/**
 * AssemblyScript: compiled to WebAssembly, which has vector instructions where JavaScript has none. All arrays are float32
 * and lie in the imported memory, 16 bytes aligned; pointers and lengths are in bytes and numbers of values.
 */

/** Sums are carried in float32 over so many values, and in float64 from there on. */
const STRIP: usize = 16384;
const LANES: usize = 4;

const LOG_2: f32 = 0.6931471806;
/** The bits of √½. */
const ROOT_OF_HALF: i32 = 0x3f3504f3;

/** `scales = 1 / (means + tiny)`, 0 where the weight is 0: what turns a gradient into its ratio to the background. */
export function scale(weights: usize, means: usize, tiny: f32, scales: usize, size: usize): void {
  const whole = size - (size % LANES);
  const zero = f32x4.splat(0);
  for (let i: usize = 0; i < whole; i += LANES) {
    const at = i << 2;
    const inverse = f32x4.div(f32x4.splat(1), f32x4.add(v128.load(means + at), f32x4.splat(tiny)));
    v128.store(scales + at, v128.and(inverse, f32x4.ne(v128.load(weights + at), zero)));
  }
  for (let i = whole; i < size; i++) {
    const at = i << 2;
    store<f32>(scales + at, load<f32>(weights + at) == 0 ? 0 : 1 / (load<f32>(means + at) + tiny));
  }
}

/** Of couples `[couples, 2, size]` the products `[couples, 2, 2]`, float64, of the two with each other and themselves: `Σ |ab|` of `a = gradient · factor`. */
export function products(factors: usize, gradients: usize, size: usize, couples: usize, sums: usize): void {
  multiply(factors, gradients, size, couples, sums, false);
}

/** The same of `a = log(1 + |gradient · factor|)`. */
export function logarithmicProducts(factors: usize, gradients: usize, size: usize, couples: usize, sums: usize): void {
  multiply(factors, gradients, size, couples, sums, true);
}

// @ts-expect-error: decorators stand on functions in AssemblyScript only
@inline
function multiply(factors: usize, gradients: usize, size: usize, couples: usize, sums: usize, logarithmic: bool): void {
  for (let couple: usize = 0; couple < couples; couple++) {
    const ones = gradients + ((2 * couple * size) << 2);
    multiplyTwo(factors, ones, ones + (size << 2), size, sums + couple * 32, logarithmic);
  }
}

// @ts-expect-error: as above
@inline
function multiplyTwo(factors: usize, ones: usize, others: usize, size: usize, sums: usize, logarithmic: bool): void {
  let ab: f64 = 0;
  let aa: f64 = 0;
  let bb: f64 = 0;
  const whole = size - (size % LANES);
  for (let start: usize = 0; start < whole; start += STRIP) {
    const end = min(whole, start + STRIP) << 2;
    let abs = f32x4.splat(0);
    let as = f32x4.splat(0);
    let bs = f32x4.splat(0);
    for (let at = start << 2; at < end; at += 16) {
      const factor = v128.load(factors + at);
      const x = f32x4.mul(v128.load(ones + at), factor);
      const y = f32x4.mul(v128.load(others + at), factor);
      const a = logarithmic ? logarithm(x) : x;
      const b = logarithmic ? logarithm(y) : y;
      abs = f32x4.add(abs, f32x4.abs(f32x4.mul(a, b)));
      as = f32x4.add(as, f32x4.mul(a, a));
      bs = f32x4.add(bs, f32x4.mul(b, b));
    }
    ab += total(abs);
    aa += total(as);
    bb += total(bs);
  }
  for (let i = whole; i < size; i++) {
    const at = i << 2;
    const x = f32x4.splat(load<f32>(ones + at) * load<f32>(factors + at));
    const y = f32x4.splat(load<f32>(others + at) * load<f32>(factors + at));
    const a = f32x4.extract_lane(logarithmic ? logarithm(x) : f32x4.abs(x), 0);
    const b = f32x4.extract_lane(logarithmic ? logarithm(y) : f32x4.abs(y), 0);
    ab += a * b;
    aa += a * a;
    bb += b * b;
  }
  store<f64>(sums, aa);
  store<f64>(sums, ab, 8);
  store<f64>(sums, ab, 16);
  store<f64>(sums, bb, 24);
}

/**
 * `log(1 + |x|)`, right to 1e-7 of itself or of 1. With the sum's octave chosen so that its mantissa m lies around 1, `log m` is
 * `2 atanh((m − 1) / (m + 1))`, whose series ends at the seventh power: the next term is below 3e-8.
 */
// @ts-expect-error: as above
@inline
function logarithm(x: v128): v128 {
  const one = f32x4.splat(1);
  const sum = f32x4.add(f32x4.abs(x), one);
  const octave = i32x4.shr_s(i32x4.sub(sum, i32x4.splat(ROOT_OF_HALF)), 23);
  const mantissa = i32x4.sub(sum, i32x4.shl(octave, 23));
  const s = f32x4.div(f32x4.sub(mantissa, one), f32x4.add(mantissa, one));
  const squared = f32x4.mul(s, s);
  let series = f32x4.add(f32x4.mul(squared, f32x4.splat(<f32>2 / 7)), f32x4.splat(2 / 5));
  series = f32x4.add(f32x4.mul(squared, series), f32x4.splat(<f32>2 / 3));
  series = f32x4.add(f32x4.mul(squared, series), f32x4.splat(2));
  return f32x4.add(f32x4.mul(s, series), f32x4.mul(f32x4.convert_i32x4_s(octave), f32x4.splat(LOG_2)));
}

// @ts-expect-error: as above
@inline
function total(sums: v128): f64 {
  return (
    <f64>f32x4.extract_lane(sums, 0) +
    <f64>f32x4.extract_lane(sums, 1) +
    <f64>f32x4.extract_lane(sums, 2) +
    <f64>f32x4.extract_lane(sums, 3)
  );
}
