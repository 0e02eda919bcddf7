/** AssemblyScript: float32 as it is, float16 and bfloat16 with halves to even; what is beyond these becomes the largest that they have. Parameters as in super-blocks.ts. */
import { INFINITE } from "../../model/formats/kernels/blocks";
import { fourHalfBits, halfBits } from "./numbers";

const LANES: usize = 4;
/** As a float32's bits. */
const LARGEST_BFLOAT: u32 = 0x7f7f0000;

export function F32(from: usize, rows: usize, columns: usize, importance: usize, to: usize, work: usize): void {
  memory.copy(to, from, 4 * rows * columns);
}

export function F16(from: usize, rows: usize, columns: usize, importance: usize, to: usize, work: usize): void {
  const count = rows * columns;
  const whole = from + 4 * (count - (count % LANES));
  for (; from < whole; from += 16, to += 8) {
    const bits = fourHalfBits(v128.load(from));
    v128.store64_lane(to, i16x8.narrow_i32x4_u(bits, bits), 0);
  }
  for (const end = whole + 4 * (count % LANES); from < end; from += 4, to += 2)
    store<u16>(to, <u16>halfBits(load<f32>(from)));
}

export function BF16(from: usize, rows: usize, columns: usize, importance: usize, to: usize, work: usize): void {
  const count = rows * columns;
  const whole = from + 4 * (count - (count % LANES));
  for (; from < whole; from += 16, to += 8) {
    const bits = v128.load(from);
    const magnitude = i32x4.min_u(v128.and(bits, i32x4.splat(0x7fffffff)), i32x4.splat(LARGEST_BFLOAT));
    const odd = v128.and(i32x4.shr_u(magnitude, 16), i32x4.splat(1));
    const rounded = i32x4.shr_u(i32x4.add(i32x4.add(magnitude, i32x4.splat(0x7fff)), odd), 16);
    const signed = v128.or(rounded, v128.and(i32x4.shr_u(bits, 16), i32x4.splat(0x8000)));
    v128.store64_lane(to, i16x8.narrow_i32x4_u(signed, signed), 0);
  }
  for (const end = whole + 4 * (count % LANES); from < end; from += 4, to += 2) {
    const bits = load<u32>(from);
    const magnitude = min<u32>(bits & 0x7fffffff, LARGEST_BFLOAT);
    const rounded = (magnitude + 0x7fff + ((magnitude >> 16) & 1)) >> 16;
    store<u16>(to, <u16>(((bits >> 16) & 0x8000) | rounded));
  }
}

/** Whether so many weights are all neither NaN nor infinite. */
export function areFinite(from: usize, count: usize): bool {
  const exponent = i32x4.splat(INFINITE);
  let damaged = i32x4.splat(0);
  const end = from + 4 * count;
  for (const whole = end - 4 * (count % LANES); from < whole; from += 16)
    damaged = v128.or(damaged, i32x4.eq(v128.and(v128.load(from), exponent), exponent));
  let finite: bool = !v128.any_true(damaged);
  for (; from < end; from += 4) finite = finite && (load<u32>(from) & INFINITE) != INFINITE;
  return finite;
}
