/**
 * AssemblyScript: compiled to WebAssembly, which has vector instructions where JavaScript has none. All arrays lie in the imported memory,
 * 16 bytes aligned; pointers are in bytes, sizes in numbers of values.
 */

const LANES: usize = 4;
/** So many values of a mean are formed at a time: they stay in a core's nearest cache while samples are added to them. */
const STRIP: usize = 1024;

/**
 * `|wᵢ| · Σ_m share_m · |g_mᵢ|` of some samples' gradients `[samples, size]` of float32.
 * @param members of uint32 `[count]`, the samples, and `shares` of float32 `[count]`.
 * @param weights of float32 `[size]`
 * @param sums takes them, float32 `[size]`; the place of a sample's gradients where it is the only one.
 * @param strip float32 `[1024]` for what is under way.
 */
export function activations(
  gradients: usize,
  size: usize,
  members: usize,
  shares: usize,
  count: usize,
  weights: usize,
  sums: usize,
  strip: usize,
): void {
  for (let start: usize = 0; start < size; start += STRIP) {
    const length = min(STRIP, size - start);
    add(gradients + (start << 2), size, length, members, shares, count, strip, false);
    const factors = weights + (start << 2);
    const out = sums + (start << 2);
    const whole = (length - (length % LANES)) << 2;
    for (let at: usize = 0; at < whole; at += 16)
      v128.store(out + at, f32x4.mul(v128.load(strip + at), f32x4.abs(v128.load(factors + at))));
    for (let at = whole; at < length << 2; at += 4)
      store<f32>(out + at, load<f32>(strip + at) * abs(load<f32>(factors + at)));
  }
}

/** The same of `Σ_m share_m · g_mᵢ²`. */
export function squares(
  gradients: usize,
  size: usize,
  members: usize,
  shares: usize,
  count: usize,
  sums: usize,
  strip: usize,
): void {
  for (let start: usize = 0; start < size; start += STRIP) {
    const length = min(STRIP, size - start);
    add(gradients + (start << 2), size, length, members, shares, count, strip, true);
    memory.copy(sums + (start << 2), strip, length << 2);
  }
}

/** Mean of absolute values, or of squares, of one strip. */
// @ts-expect-error: decorators stand on functions in AssemblyScript only
@inline
function add(
  gradients: usize,
  size: usize,
  length: usize,
  members: usize,
  shares: usize,
  count: usize,
  strip: usize,
  squared: bool,
): void {
  memory.fill(strip, 0, length << 2);
  const whole = (length - (length % LANES)) << 2;
  for (let member: usize = 0; member < count; member++) {
    const values = gradients + ((<usize>load<u32>(members + (member << 2)) * size) << 2);
    const share = load<f32>(shares + (member << 2));
    const scale = f32x4.splat(share);
    for (let at: usize = 0; at < whole; at += 16) {
      const value = v128.load(values + at);
      const size = squared ? f32x4.mul(value, value) : f32x4.abs(value);
      v128.store(strip + at, f32x4.add(v128.load(strip + at), f32x4.mul(scale, size)));
    }
    for (let at = whole; at < length << 2; at += 4) {
      const value = load<f32>(values + at);
      store<f32>(strip + at, load<f32>(strip + at) + share * (squared ? value * value : abs(value)));
    }
  }
}
