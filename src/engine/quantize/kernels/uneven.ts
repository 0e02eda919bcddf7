/** AssemblyScript: IQ4_NL and IQ4_XS, whose quants are places in a table of 16 values: ggml-quants.c, `quantize_row_iq4_nl_impl`. Parameters as in super-blocks.ts. */
import { farthest } from "./fit-scale";
import { gather, gatherBlocks, quantsOf, sumOfSquares, weigh, weighBySquares } from "./lanes";
import { halfBits, held, nearest, NOTHING } from "./numbers";
import { packNibbles } from "./pack";
import { SCALES, VALUES, WEIGHTS } from "./work";

const TRIES = 7;

export function IQ4_NL(from: usize, rows: usize, columns: usize, importance: usize, to: usize, work: usize): void {
  const blocks = columns >> 5;
  for (let row: usize = 0; row < rows; row++, from += columns << 2)
    for (let first: usize = 0; first < blocks; first += 4) {
      gatherBlocks(work + VALUES, from, first, blocks);
      if (importance == 0) {
        weighBySquares(work, 32);
      } else {
        gatherBlocks(work + WEIGHTS, importance, first, blocks);
        weighByOwnVariance(work);
      }
      v128.store(work + SCALES, fitTable(work));
      for (let i: usize = 0; i < min<usize>(4, blocks - first); i++, to += 18) {
        const scale = load<f32>(work + SCALES + (i << 2));
        store<u16>(to, <u16>halfBits(scale));
        toPlaces(from + ((first + i) << 7), scale != 0 ? 1 / scale : 0, quantsOf(work, 0, 32));
        packNibbles(quantsOf(work, 0, 32), to + 2);
      }
    }
}

export function IQ4_XS(from: usize, rows: usize, columns: usize, importance: usize, to: usize, work: usize): void {
  for (let row: usize = 0; row < rows; row++)
    for (let block: usize = 0; block < columns >> 8; block++, from += 1024, to += 136) {
      const variance: f32 = importance == 0 ? 0 : sumOfSquares(from, 256) * <f32>(2.0 / 256);
      for (let group: usize = 0; group < 8; group += 4) {
        const x = from + (group << 7);
        gather(work + VALUES, x, x + 128, x + 256, x + 384, 32);
        if (importance == 0) {
          weighBySquares(work, 32);
        } else {
          const w = importance + (block << 10) + (group << 7);
          gather(work + WEIGHTS, w, w + 128, w + 256, w + 384, 32);
          weigh(work, 32, variance);
        }
        v128.store(work + SCALES + (group << 2), fitTable(work));
      }
      let extreme: f32 = 0;
      for (let group: usize = 0; group < 8; group++) {
        const scale = load<f32>(work + SCALES + (group << 2));
        if (abs<f32>(scale) > abs<f32>(extreme)) extreme = scale;
      }
      const d: f32 = -extreme / 32;
      const inverse: f32 = d != 0 ? 1 / d : 0;
      store<u16>(to, <u16>halfBits(d));
      let highs: u32 = 0;
      let lows: u32 = 0;
      for (let group: usize = 0; group < 8; group++) {
        const level = max(-32, min(31, nearest(inverse * load<f32>(work + SCALES + (group << 2)))));
        const scale: f32 = d * <f32>level;
        toPlaces(from + (group << 7), scale != 0 ? 1 / scale : 0, quantsOf(work, 0, 32));
        packNibbles(quantsOf(work, 0, 32), to + 8 + (group << 4));
        const bits: u32 = level + 32;
        lows |= (bits & 15) << <u32>(4 * group);
        highs |= (bits >> 4) << <u32>(2 * group);
      }
      store<u16>(to, <u16>highs, 2);
      store<u32>(to, lows, 4);
    }
}

/** Twice the mean of a lane's own squares is what `weigh` has one of for all. */
function weighByOwnVariance(work: usize): void {
  let sum = f32x4.splat(0);
  for (let at = work; at < work + 512; at += 16) {
    const x = v128.load(at, VALUES);
    sum = f32x4.add(sum, f32x4.mul(x, x));
  }
  const variance = f32x4.mul(sum, f32x4.splat(2.0 / 32));
  for (let at = work; at < work + 512; at += 16) {
    const x = v128.load(at, VALUES);
    const spread = f32x4.sqrt(f32x4.add(variance, f32x4.mul(x, x)));
    v128.store(at, f32x4.mul(v128.load(at, WEIGHTS), spread), WEIGHTS);
  }
}

/** The scale of four groups of 32 that fits best, of 16 that are tried; 0 of groups of zeros. */
function fitTable(work: usize): v128 {
  const zero = f32x4.splat(0);
  const extreme = farthest(work, 32);
  const isNothing = f32x4.lt(f32x4.abs(extreme), f32x4.splat(NOTHING));
  let scale = zero;
  let best = zero;
  for (let step = -TRIES - 1; step <= TRIES; step++) {
    // the first is of the range
    const inverse =
      step < -TRIES
        ? f32x4.div(f32x4.splat(1), f32x4.div(f32x4.neg(extreme), f32x4.splat(-127)))
        : f32x4.div(f32x4.splat(<f32>(step - 127)), extreme);
    let products = zero;
    let squares = zero;
    for (let at = work; at < work + 512; at += 64) {
      const x = v128.load(at, VALUES);
      const y = v128.load(at, VALUES + 16);
      const z = v128.load(at, VALUES + 32);
      const v = v128.load(at, VALUES + 48);
      const places = placesOf(
        f32x4.mul(inverse, x),
        f32x4.mul(inverse, y),
        f32x4.mul(inverse, z),
        f32x4.mul(inverse, v),
      );
      const values = i8x16.swizzle(table(), places);
      const low = i16x8.extend_low_i8x16_s(values);
      const high = i16x8.extend_high_i8x16_s(values);
      let q = f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(low));
      let weighted = f32x4.mul(v128.load(at, WEIGHTS), q);
      products = f32x4.add(products, f32x4.mul(weighted, x));
      squares = f32x4.add(squares, f32x4.mul(weighted, q));
      q = f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(low));
      weighted = f32x4.mul(v128.load(at, WEIGHTS + 16), q);
      products = f32x4.add(products, f32x4.mul(weighted, y));
      squares = f32x4.add(squares, f32x4.mul(weighted, q));
      q = f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(high));
      weighted = f32x4.mul(v128.load(at, WEIGHTS + 32), q);
      products = f32x4.add(products, f32x4.mul(weighted, z));
      squares = f32x4.add(squares, f32x4.mul(weighted, q));
      q = f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(high));
      weighted = f32x4.mul(v128.load(at, WEIGHTS + 48), q);
      products = f32x4.add(products, f32x4.mul(weighted, v));
      squares = f32x4.add(squares, f32x4.mul(weighted, q));
    }
    let isBetter = f32x4.gt(squares, zero);
    if (step >= -TRIES)
      isBetter = v128.and(isBetter, f32x4.gt(f32x4.mul(products, products), f32x4.mul(best, squares)));
    const fitted = f32x4.div(products, squares);
    scale = v128.bitselect(fitted, scale, isBetter);
    best = v128.bitselect(f32x4.mul(fitted, products), best, isBetter);
  }
  return v128.andnot(scale, isNothing);
}

/** The places in the table of 32 weights times `inverse`, as bytes. */
function toPlaces(from: usize, inverse: f32, to: usize): void {
  const factor = f32x4.splat(inverse);
  for (const end = to + 32; to < end; to += 16, from += 64) {
    const places = placesOf(
      f32x4.mul(factor, held(from)),
      f32x4.mul(factor, held(from + 16)),
      f32x4.mul(factor, held(from + 32)),
      f32x4.mul(factor, held(from + 48)),
    );
    v128.store(to, places);
  }
}

/** ggml's `kvalues_iq4nl`. */
// @ts-expect-error: decorators stand on functions in AssemblyScript only
@inline
function table(): v128 {
  return i8x16(-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113);
}

/**
 * Places of the values of the table that are nearest to a, b, c and d, in 16 lanes: of two equally near ones the later, as ggml's
 * `best_index_int8` has it. Halfway between values are whole numbers and halves, so that twice an argument, rounded down, says it all.
 * Of these numbers, from 0 to 511, 32 share a bin: it says how many such halfway points are below it, and where in it the one or two are that it has.
 */
// @ts-expect-error: as above
@inline
function placesOf(a: v128, b: v128, c: v128, d: v128): v128 {
  const low = i16x8.narrow_i32x4_u(halvesOf(a), halvesOf(b));
  const high = i16x8.narrow_i32x4_u(halvesOf(c), halvesOf(d));
  const bins = i8x16.narrow_i16x8_u(i16x8.shr_u(low, 5), i16x8.shr_u(high, 5));
  const inBin = i16x8.splat(31);
  const rest = i8x16.narrow_i16x8_u(v128.and(low, inBin), v128.and(high, inBin));
  const before = i8x16.swizzle(i8x16(0, 1, 1, 2, 3, 4, 5, 6, 8, 9, 11, 12, 13, 14, 14, 15), bins);
  const first = i8x16.swizzle(i8x16(25, 32, 5, 12, 14, 12, 7, 0, 14, 6, 27, 26, 30, 32, 10, 32), bins);
  const second = i8x16.swizzle(i8x16(32, 32, 32, 32, 32, 32, 32, 23, 32, 31, 32, 32, 32, 32, 32, 32), bins);
  return i8x16.sub(i8x16.sub(before, i8x16.ge_s(rest, first)), i8x16.ge_s(rest, second));
}

/** Twice an argument, rounded down, and 256 more, within 0 … 510. */
// @ts-expect-error: as above
@inline
function halvesOf(value: v128): v128 {
  const bounded = f32x4.pmax(f32x4.splat(-128), f32x4.pmin(f32x4.splat(127), value));
  // 1.5 · 2²³: whole numbers stand in the lowest bits
  const bits = f32x4.add(f32x4.floor(f32x4.add(bounded, bounded)), f32x4.splat(12582912 + 256));
  return v128.and(bits, i32x4.splat(511));
}
