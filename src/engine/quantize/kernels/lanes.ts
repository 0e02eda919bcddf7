/**
 * AssemblyScript: four groups of weights at a time, a lane each. A lane does what ggml's loop does with its group, in the same order of
 * float32 operations: sums are added up in the order of the weights, and come out as ggml's to the last bit.
 */
import { held } from "./numbers";
import { LEVELS, QUANTS, VALUES, WEIGHTS } from "./work";

/** Places `to` from four groups of `size` weights. */
export function gather(to: usize, a: usize, b: usize, c: usize, d: usize, size: usize): void {
  for (let at: usize = 0; at < size << 2; at += 16, to += 64) {
    const a4 = held(a + at);
    const b4 = held(b + at);
    const c4 = held(c + at);
    const d4 = held(d + at);
    const ab = i32x4.shuffle(a4, b4, 0, 4, 1, 5);
    const cd = i32x4.shuffle(c4, d4, 0, 4, 1, 5);
    const abOfRest = i32x4.shuffle(a4, b4, 2, 6, 3, 7);
    const cdOfRest = i32x4.shuffle(c4, d4, 2, 6, 3, 7);
    v128.store(to, i64x2.shuffle(ab, cd, 0, 2));
    v128.store(to, i64x2.shuffle(ab, cd, 1, 3), 16);
    v128.store(to, i64x2.shuffle(abOfRest, cdOfRest, 0, 2), 32);
    v128.store(to, i64x2.shuffle(abOfRest, cdOfRest, 1, 3), 48);
  }
}

/** Places of four blocks of 32 from `first` on; behind the last block the lanes have the last again. */
export function gatherBlocks(to: usize, row: usize, first: usize, blocks: usize): void {
  const last = row + ((blocks - 1) << 7);
  const at = row + (first << 7);
  gather(to, at, min(last, at + 128), min(last, at + 256), min(last, at + 384), 32);
}

/** The levels as bytes, one group behind the other, from `to` on. */
export function scatter(work: usize, to: usize, size: usize): void {
  let at = work + LEVELS;
  for (const end = to + size; to < end; to += 4, at += 64) {
    const p = i32x4.trunc_sat_f32x4_s(v128.load(at));
    const q = i32x4.trunc_sat_f32x4_s(v128.load(at, 16));
    const r = i32x4.trunc_sat_f32x4_s(v128.load(at, 32));
    const s = i32x4.trunc_sat_f32x4_s(v128.load(at, 48));
    // 16 bytes: of p the four groups, of q …
    const bytes = i8x16.narrow_i16x8_u(i16x8.narrow_i32x4_s(p, q), i16x8.narrow_i32x4_s(r, s));
    const groups = i8x16.shuffle(bytes, bytes, 0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
    v128.store32_lane(to, groups, 0);
    v128.store32_lane(to + size, groups, 1);
    v128.store32_lane(to + 2 * size, groups, 2);
    v128.store32_lane(to + 3 * size, groups, 3);
  }
}

/** Σ x² of `count` weights, one after the other. */
export function sumOfSquares(at: usize, count: usize): f32 {
  let sum: f32 = 0;
  for (const end = at + (count << 2); at < end; at += 16) {
    const four = held(at);
    const squares = f32x4.mul(four, four);
    sum += f32x4.extract_lane(squares, 0);
    sum += f32x4.extract_lane(squares, 1);
    sum += f32x4.extract_lane(squares, 2);
    sum += f32x4.extract_lane(squares, 3);
  }
  return sum;
}

/** The weights' places from those of importance that are there: `importance · √(variance + x²)`. */
export function weigh(work: usize, size: usize, variance: f32): void {
  const all = f32x4.splat(variance);
  for (let at = work, end = work + (size << 4); at < end; at += 16) {
    const x = v128.load(at, VALUES);
    const spread = f32x4.sqrt(f32x4.add(all, f32x4.mul(x, x)));
    v128.store(at, f32x4.mul(v128.load(at, WEIGHTS), spread), WEIGHTS);
  }
}

/** `x²` */
export function weighBySquares(work: usize, size: usize): void {
  for (let at = work, end = work + (size << 4); at < end; at += 16) {
    const x = v128.load(at, VALUES);
    v128.store(at, f32x4.mul(x, x), WEIGHTS);
  }
}

/** `|x|` */
export function weighByMagnitudes(work: usize, size: usize): void {
  for (let at = work, end = work + (size << 4); at < end; at += 16)
    v128.store(at, f32x4.abs(v128.load(at, VALUES)), WEIGHTS);
}

/** `√(mean of the group's x²) + |x|` */
export function weighBySpread(work: usize, size: usize): void {
  const end = work + (size << 4);
  let sum = f32x4.splat(0);
  for (let at = work; at < end; at += 16) {
    const x = v128.load(at, VALUES);
    sum = f32x4.add(sum, f32x4.mul(x, x));
  }
  const mean = f32x4.sqrt(f32x4.div(sum, f32x4.splat(<f32>size)));
  for (let at = work; at < end; at += 16)
    v128.store(at, f32x4.add(mean, f32x4.abs(v128.load(at, VALUES))), WEIGHTS);
}

/** The weights' sums. */
export function sumOfWeights(work: usize, size: usize): v128 {
  let sum = f32x4.splat(0);
  for (let at = work, end = work + (size << 4); at < end; at += 16) sum = f32x4.add(sum, v128.load(at, WEIGHTS));
  return sum;
}

/** Where a group's quants are. */
// @ts-expect-error: decorators stand on functions in AssemblyScript only
@inline
export function quantsOf(work: usize, group: usize, size: usize): usize {
  return work + QUANTS + group * size;
}
