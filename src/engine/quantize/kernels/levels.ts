/** AssemblyScript: the quants of a group whose scale is decided. */
import { held, nearestWithin } from "./numbers";

/** `(x + minimum) / scale` to the nearest level of `low` … `high`, `−low` more, of `size` weights as bytes. */
// @ts-expect-error: decorators stand on functions in AssemblyScript only
@inline
export function toLevels(from: usize, size: usize, scale: f32, minimum: f32, low: i32, high: i32, to: usize): void {
  const divisor = f32x4.splat(scale);
  const offset = f32x4.splat(minimum);
  const raise = i8x16.splat(<i8>-low);
  for (const end = to + size; to < end; to += 16, from += 64) {
    const a = nearestWithin(f32x4.div(f32x4.add(held(from), offset), divisor), low, high);
    const b = nearestWithin(f32x4.div(f32x4.add(held(from + 16), offset), divisor), low, high);
    const c = nearestWithin(f32x4.div(f32x4.add(held(from + 32), offset), divisor), low, high);
    const d = nearestWithin(f32x4.div(f32x4.add(held(from + 48), offset), divisor), low, high);
    const bytes = i8x16.narrow_i16x8_s(i16x8.narrow_i32x4_s(a, b), i16x8.narrow_i32x4_s(c, d));
    v128.store(to, i8x16.add(bytes, raise));
  }
}
