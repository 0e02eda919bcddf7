/** AssemblyScript: formats of blocks of 32 weights, after ggml-quants.c, `quantize_row_q4_0_ref` … `quantize_row_q5_1_impl`. Parameters as in super-blocks.ts. */
import { farthest, fitScale } from "./fit-scale";
import { fitSquares, minima } from "./fit-scale-and-minimum";
import { gatherBlocks, quantsOf, scatter, sumOfSquares, weigh } from "./lanes";
import { halfBits, held, inverses } from "./numbers";
import { fifthBits, packNibbles } from "./pack";
import { LEVELS, MINIMA, SCALES, VALUES, WEIGHTS } from "./work";

export function Q4_0(from: usize, rows: usize, columns: usize, importance: usize, to: usize, work: usize): void {
  const blocks = columns >> 5;
  for (let row: usize = 0; row < rows; row++, from += columns << 2) {
    const variance = varianceOf(from, columns, importance);
    for (let first: usize = 0; first < blocks; first += 4) {
      scaled(from, first, blocks, importance, variance, 8, work);
      for (let i: usize = 0; i < min<usize>(4, blocks - first); i++, to += 18) {
        store<u16>(to, <u16>halfBits(load<f32>(work + SCALES + (i << 2))));
        packNibbles(quantsOf(work, i, 32), to + 2);
      }
    }
  }
}

export function Q5_0(from: usize, rows: usize, columns: usize, importance: usize, to: usize, work: usize): void {
  const blocks = columns >> 5;
  for (let row: usize = 0; row < rows; row++, from += columns << 2) {
    const variance = varianceOf(from, columns, importance);
    for (let first: usize = 0; first < blocks; first += 4) {
      scaled(from, first, blocks, importance, variance, 16, work);
      for (let i: usize = 0; i < min<usize>(4, blocks - first); i++, to += 22) {
        store<u16>(to, <u16>halfBits(load<f32>(work + SCALES + (i << 2))));
        store<u32>(to, fifthBits(quantsOf(work, i, 32)), 2);
        packNibbles(quantsOf(work, i, 32), to + 6);
      }
    }
  }
}

export function Q4_1(from: usize, rows: usize, columns: usize, importance: usize, to: usize, work: usize): void {
  const blocks = columns >> 5;
  for (let row: usize = 0; row < rows; row++, from += columns << 2) {
    const variance = varianceOf(from, columns, importance);
    for (let first: usize = 0; first < blocks; first += 4) {
      shifted(from, first, blocks, importance, variance, 15, work);
      for (let i: usize = 0; i < min<usize>(4, blocks - first); i++, to += 20) {
        store<u16>(to, <u16>halfBits(load<f32>(work + SCALES + (i << 2))));
        store<u16>(to, <u16>halfBits(-load<f32>(work + MINIMA + (i << 2))), 2);
        packNibbles(quantsOf(work, i, 32), to + 4);
      }
    }
  }
}

export function Q5_1(from: usize, rows: usize, columns: usize, importance: usize, to: usize, work: usize): void {
  const blocks = columns >> 5;
  for (let row: usize = 0; row < rows; row++, from += columns << 2) {
    const variance = varianceOf(from, columns, importance);
    for (let first: usize = 0; first < blocks; first += 4) {
      shifted(from, first, blocks, importance, variance, 31, work);
      for (let i: usize = 0; i < min<usize>(4, blocks - first); i++, to += 24) {
        store<u16>(to, <u16>halfBits(load<f32>(work + SCALES + (i << 2))));
        store<u16>(to, <u16>halfBits(-load<f32>(work + MINIMA + (i << 2))), 2);
        store<u32>(to, fifthBits(quantsOf(work, i, 32)), 4);
        packNibbles(quantsOf(work, i, 32), to + 8);
      }
    }
  }
}

/** Nothing is looked for, and nothing weighted. Halves go away from 0. */
export function Q8_0(from: usize, rows: usize, columns: usize, importance: usize, to: usize, work: usize): void {
  const sign = i32x4.splat(0x80000000);
  // the largest float below a half: a half that is added could carry over what is just below it
  const half = f32x4.splat(reinterpret<f32>(0x3effffff));
  for (let block: usize = 0; block < rows * (columns >> 5); block++, from += 128, to += 34) {
    let four = f32x4.splat(0);
    for (let at: usize = 0; at < 128; at += 16) four = f32x4.pmax(four, f32x4.abs(held(from + at)));
    const magnitude = max<f32>(
      max<f32>(f32x4.extract_lane(four, 0), f32x4.extract_lane(four, 1)),
      max<f32>(f32x4.extract_lane(four, 2), f32x4.extract_lane(four, 3)),
    );
    const d: f32 = magnitude / 127;
    store<u16>(to, <u16>halfBits(d));
    const inverse = inverses(f32x4.splat(d));
    for (let at: usize = 0; at < 32; at += 16) {
      const words = from + (at << 2);
      let a = f32x4.mul(held(words), inverse);
      let b = f32x4.mul(held(words + 16), inverse);
      let c = f32x4.mul(held(words + 32), inverse);
      let e = f32x4.mul(held(words + 48), inverse);
      a = i32x4.trunc_sat_f32x4_s(f32x4.add(a, v128.or(half, v128.and(a, sign))));
      b = i32x4.trunc_sat_f32x4_s(f32x4.add(b, v128.or(half, v128.and(b, sign))));
      c = i32x4.trunc_sat_f32x4_s(f32x4.add(c, v128.or(half, v128.and(c, sign))));
      e = i32x4.trunc_sat_f32x4_s(f32x4.add(e, v128.or(half, v128.and(e, sign))));
      v128.store(to + 2 + at, i8x16.narrow_i16x8_s(i16x8.narrow_i32x4_s(a, b), i16x8.narrow_i32x4_s(c, e)));
    }
  }
}

/** The mean of a row's squares, where it is asked for. */
// @ts-expect-error: decorators stand on functions in AssemblyScript only
@inline
function varianceOf(row: usize, columns: usize, importance: usize): f32 {
  return importance == 0 ? 0 : sumOfSquares(row, columns) / <f32>columns;
}

/** Levels of four blocks with a sign, `most` more, and their scales. */
// @ts-expect-error: as above
@inline
function scaled(row: usize, first: usize, blocks: usize, importance: usize, variance: f32, most: f32, work: usize): void {
  gatherBlocks(work + VALUES, row, first, blocks);
  let scales: v128;
  if (importance == 0) {
    scales = toFarthest(work, most);
  } else {
    gatherBlocks(work + WEIGHTS, importance, first, blocks);
    weigh(work, 32, variance);
    scales = fitScale(work, 32, most);
  }
  v128.store(work + SCALES, scales);
  scatter(work, quantsOf(work, 0, 32), 32);
}

/** The value that is the farthest from 0 becomes −most. */
function toFarthest(work: usize, most: f32): v128 {
  const scales = f32x4.div(farthest(work, 32), f32x4.splat(-most));
  const inverse = inverses(scales);
  const middle = f32x4.splat(most + 0.5);
  const high = f32x4.splat(2 * most - 1);
  for (let at = work; at < work + 512; at += 16) {
    const level = f32x4.trunc(f32x4.add(f32x4.mul(v128.load(at, VALUES), inverse), middle));
    v128.store(at, f32x4.pmin(high, level), LEVELS);
  }
  return scales;
}

/** Levels of four blocks from their minima up, their scales and what is subtracted. */
// @ts-expect-error: as above
@inline
function shifted(row: usize, first: usize, blocks: usize, importance: usize, variance: f32, most: f32, work: usize): void {
  gatherBlocks(work + VALUES, row, first, blocks);
  if (importance == 0) {
    toRange(work, most);
  } else {
    gatherBlocks(work + WEIGHTS, importance, first, blocks);
    weigh(work, 32, variance);
    v128.store(work + SCALES, fitSquares(work, 32, most, -0.9, 0.05, 36));
    v128.store(work + MINIMA, minima);
  }
  scatter(work, quantsOf(work, 0, 32), 32);
}

/** The least value becomes 0, the greatest `most`. */
function toRange(work: usize, most: f32): void {
  let least = v128.load(work, VALUES);
  let greatest = least;
  for (let at = work + 16; at < work + 512; at += 16) {
    const x = v128.load(at, VALUES);
    least = f32x4.pmin(least, x);
    greatest = f32x4.pmax(greatest, x);
  }
  const high = f32x4.splat(most);
  const scales = f32x4.div(f32x4.sub(greatest, least), high);
  const inverse = inverses(scales);
  for (let at = work; at < work + 512; at += 16) {
    const above = f32x4.mul(f32x4.sub(v128.load(at, VALUES), least), inverse);
    v128.store(at, f32x4.pmin(high, f32x4.trunc(f32x4.add(above, f32x4.splat(0.5)))), LEVELS);
  }
  v128.store(work + SCALES, scales);
  v128.store(work + MINIMA, f32x4.neg(least));
}
