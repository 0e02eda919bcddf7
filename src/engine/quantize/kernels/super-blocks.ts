/**
 * AssemblyScript: formats of blocks of 256 weights, after ggml-quants.c, `quantize_row_q2_K_ref` … `quantize_row_q6_K_impl`. Each quantises
 * `rows` rows of `columns` weights from `from` on to blocks from `to` on; `importance` is where that of the columns is, or 0 where there is none;
 * `work` is room of `WORK` bytes.
 */
import { halfOf } from "../../model/formats/kernels/blocks";
import { fitPositive, fitSigned } from "./fit-block-scale";
import { fitLevels, fitScale } from "./fit-scale";
import { fitMagnitudes, fitSquares, minima } from "./fit-scale-and-minimum";
import {
  gather,
  quantsOf,
  scatter,
  sumOfSquares,
  sumOfWeights,
  weigh,
  weighByMagnitudes,
  weighBySpread,
  weighBySquares,
} from "./lanes";
import { toLevels } from "./levels";
import { halfBits, nearest, NOTHING } from "./numbers";
import { packBits, packHalves, packPairs, packQuarters, packScales } from "./pack";
import { MINIMA, OF_MINIMA, OF_SCALES, QUANTS, SCALES, SUMS, VALUES, WEIGHTS } from "./work";

/** Four groups of 16 or 32 weights and their importance, from a block's `group` on. */
function gatherGroups(work: usize, from: usize, importance: usize, group: usize, size: usize): void {
  const bytes = size << 2;
  const at = group * bytes;
  const x = from + at;
  gather(work + VALUES, x, x + bytes, x + 2 * bytes, x + 3 * bytes, size);
  if (importance == 0) return;
  const w = importance + at;
  gather(work + WEIGHTS, w, w + bytes, w + 2 * bytes, w + 3 * bytes, size);
}

/** What a column's importance is from a block on, of a row's. */
// @ts-expect-error: decorators stand on functions in AssemblyScript only
@inline
function ofBlock(importance: usize, block: usize): usize {
  return importance == 0 ? 0 : importance + (block << 10);
}

/** The largest of so many float32 that is above 0, or 0. */
function largestOf(at: usize, count: usize): f32 {
  let largest: f32 = 0;
  for (const end = at + (count << 2); at < end; at += 4) if (load<f32>(at) > largest) largest = load<f32>(at);
  return largest;
}

/** The one that is the farthest from 0, of equal ones the first. */
function farthestOf(at: usize, count: usize): f32 {
  let farthest: f32 = 0;
  for (const end = at + (count << 2); at < end; at += 4)
    if (abs<f32>(load<f32>(at)) > abs<f32>(farthest)) farthest = load<f32>(at);
  return farthest;
}

export function Q2_K(from: usize, rows: usize, columns: usize, importance: usize, to: usize, work: usize): void {
  for (let row: usize = 0; row < rows; row++)
    for (let block: usize = 0; block < columns >> 8; block++, from += 1024, to += 84) {
      const ofColumns = ofBlock(importance, block);
      const variance: f32 = ofColumns == 0 ? 0 : sumOfSquares(from, 256) / 256;
      for (let group: usize = 0; group < 16; group += 4) {
        gatherGroups(work, from, ofColumns, group, 16);
        let scales: v128;
        if (ofColumns == 0) {
          weighByMagnitudes(work, 16);
          scales = fitMagnitudes(work, 16, 3, -0.5, 0.1, 15);
        } else {
          weigh(work, 16, variance);
          v128.store(work + SUMS + (group << 2), sumOfWeights(work, 16));
          scales = fitSquares(work, 16, 3, -0.9, 0.05, 36);
        }
        v128.store(work + SCALES + (group << 2), scales);
        v128.store(work + MINIMA + (group << 2), minima);
        scatter(work, quantsOf(work, group, 16), 16);
      }
      let scale: f32;
      let minimum: f32;
      if (ofColumns == 0) {
        scale = levelsOfLargest(work + SCALES, 16, 15, work + OF_SCALES);
        minimum = levelsOfLargest(work + MINIMA, 16, 15, work + OF_MINIMA);
      } else {
        scale = fitPositive(16, 15, work + SCALES, work + OF_SCALES, work + SUMS);
        minimum = fitPositive(16, 15, work + MINIMA, work + OF_MINIMA, work + SUMS);
      }
      store<u16>(to, <u16>halfBits(scale), 80);
      store<u16>(to, <u16>halfBits(minimum), 82);
      const d = halfOf(load<u16>(to, 80));
      const m = halfOf(load<u16>(to, 82));
      for (let group: usize = 0; group < 16; group++) {
        const both = load<u8>(work + OF_SCALES + group) | (load<u8>(work + OF_MINIMA + group) << 4);
        store<u8>(to + group, both);
        const ofGroup = d * <f32>(both & 15);
        if (ofGroup == 0) continue;
        toLevels(from + (group << 6), 16, ofGroup, m * <f32>(both >> 4), 0, 3, quantsOf(work, group, 16));
      }
      packQuarters(work + QUANTS, to + 16);
    }
}

/** Levels 0 … most in the measure of the largest, as bytes, and the scale that they are of. */
function levelsOfLargest(values: usize, count: usize, most: f32, levels: usize): f32 {
  const largest = largestOf(values, count);
  if (!(largest > 0)) {
    memory.fill(levels, 0, count);
    return 0;
  }
  const inverse = most / largest;
  for (let i: usize = 0; i < count; i++) store<u8>(levels + i, <u8>max(0, nearest(inverse * load<f32>(values + (i << 2)))));
  return largest / most;
}

export function Q3_K(from: usize, rows: usize, columns: usize, importance: usize, to: usize, work: usize): void {
  for (let row: usize = 0; row < rows; row++)
    for (let block: usize = 0; block < columns >> 8; block++, from += 1024, to += 110) {
      const ofColumns = ofBlock(importance, block);
      if (ofColumns == 0) {
        // four sets of places, one behind the other: there are no weights
        for (let set: usize = 0; set < 4; set++) gatherGroups(work + (set << 8), from, 0, set << 2, 16);
        fitLevels(work);
        for (let set: usize = 0; set < 4; set++) scatter(work + (set << 8), quantsOf(work, set << 2, 16), 16);
      } else {
        const variance: f32 = (2 * sumOfSquares(from, 256)) / 256;
        for (let group: usize = 0; group < 16; group += 4) {
          gatherGroups(work, from, ofColumns, group, 16);
          weigh(work, 16, variance);
          v128.store(work + SUMS + (group << 2), sumOfWeights(work, 16));
          v128.store(work + SCALES + (group << 2), fitScale(work, 16, 4));
          scatter(work, quantsOf(work, group, 16), 16);
        }
      }
      const levels = work + OF_SCALES;
      let scale: f32 = 0;
      if (ofColumns != 0) {
        scale = fitSigned(16, 32, work + SCALES, levels, work + SUMS);
      } else {
        const extreme = farthestOf(work + SCALES, 16);
        // of a block of zeros ggml writes scales of 0, which stand for −32
        memory.fill(levels, 0, 16);
        if (extreme != 0) {
          const inverse: f32 = -32 / extreme;
          for (let j: usize = 0; j < 16; j++) {
            const level = nearest(inverse * load<f32>(work + SCALES + (j << 2)));
            store<u8>(levels + j, <u8>(max(-32, min(31, level)) + 32));
          }
          scale = 1 / inverse;
        }
      }
      packScales(levels, to + 96);
      store<u16>(to, <u16>halfBits(scale), 108);
      const d = halfOf(load<u16>(to, 108));
      for (let group: usize = 0; group < 16; group++) {
        const ofGroup = d * <f32>(<i32>load<u8>(levels + group) - 32);
        if (ofGroup == 0) continue;
        toLevels(from + (group << 6), 16, ofGroup, 0, -4, 3, quantsOf(work, group, 16));
      }
      packBits(work + QUANTS, 2, to);
      packQuarters(work + QUANTS, to + 32);
    }
}

export function Q4_K(from: usize, rows: usize, columns: usize, importance: usize, to: usize, work: usize): void {
  for (let row: usize = 0; row < rows; row++)
    for (let block: usize = 0; block < columns >> 8; block++, from += 1024, to += 144) {
      pairs(from, ofBlock(importance, block), 15, -1, 20, to, work);
      for (let pair: usize = 0; pair < 4; pair++) packHalves(work + QUANTS + (pair << 6), to + 16 + (pair << 5));
    }
}

export function Q5_K(from: usize, rows: usize, columns: usize, importance: usize, to: usize, work: usize): void {
  for (let row: usize = 0; row < rows; row++)
    for (let block: usize = 0; block < columns >> 8; block++, from += 1024, to += 176) {
      pairs(from, ofBlock(importance, block), 31, -0.5, 15, to, work);
      packBits(work + QUANTS, 4, to + 16);
      for (let pair: usize = 0; pair < 4; pair++) packHalves(work + QUANTS + (pair << 6), to + 48 + (pair << 5));
    }
}

/** What Q4_K and Q5_K have in common: 8 groups of 32, each with a scale and a minimum of 6 bits. Quants are left as bytes. */
function pairs(from: usize, importance: usize, most: i32, first: f32, steps: i32, to: usize, work: usize): void {
  const variance: f32 = importance == 0 ? 0 : (2 * sumOfSquares(from, 256)) / 256;
  for (let group: usize = 0; group < 8; group += 4) {
    gatherGroups(work, from, importance, group, 32);
    let scales: v128;
    if (importance == 0) {
      weighBySpread(work, 32);
      scales = fitSquares(work, 32, <f32>most, first, 0.1, steps);
    } else {
      weigh(work, 32, variance);
      v128.store(work + SUMS + (group << 2), sumOfWeights(work, 32));
      scales = fitSquares(work, 32, <f32>most, -0.9, 0.05, 36);
    }
    v128.store(work + SCALES + (group << 2), scales);
    v128.store(work + MINIMA + (group << 2), minima);
    scatter(work, quantsOf(work, group, 32), 32);
  }
  let scale: f32;
  let minimum: f32;
  if (importance == 0) {
    scale = levelsUpTo63(work + SCALES, work + OF_SCALES);
    minimum = levelsUpTo63(work + MINIMA, work + OF_MINIMA);
  } else {
    scale = fitPositive(8, 63, work + SCALES, work + OF_SCALES, work + SUMS);
    minimum = fitPositive(8, 63, work + MINIMA, work + OF_MINIMA, work + SUMS);
  }
  packPairs(work + OF_SCALES, work + OF_MINIMA, to + 4);
  store<u16>(to, <u16>halfBits(scale));
  store<u16>(to, <u16>halfBits(minimum), 2);
  const d = halfOf(load<u16>(to));
  const m = halfOf(load<u16>(to, 2));
  for (let group: usize = 0; group < 8; group++) {
    const ofGroup = d * <f32>load<u8>(work + OF_SCALES + group);
    if (ofGroup == 0) continue;
    const below = m * <f32>load<u8>(work + OF_MINIMA + group);
    toLevels(from + (group << 7), 32, ofGroup, below, 0, most, quantsOf(work, group, 32));
  }
}

function levelsUpTo63(values: usize, levels: usize): f32 {
  const largest = largestOf(values, 8);
  const inverse: f32 = largest > 0 ? 63 / largest : 0;
  for (let j: usize = 0; j < 8; j++) {
    const level = nearest(inverse * load<f32>(values + (j << 2)));
    store<u8>(levels + j, <u8>max(0, min(63, level)));
  }
  return largest / 63;
}

export function Q6_K(from: usize, rows: usize, columns: usize, importance: usize, to: usize, work: usize): void {
  for (let row: usize = 0; row < rows; row++)
    for (let block: usize = 0; block < columns >> 8; block++, from += 1024, to += 210) {
      const ofColumns = ofBlock(importance, block);
      for (let group: usize = 0; group < 16; group += 4) {
        gatherGroups(work, from, ofColumns, group, 16);
        if (ofColumns == 0) weighBySquares(work, 16);
        v128.store(work + SCALES + (group << 2), fitScale(work, 16, 32));
        scatter(work, quantsOf(work, group, 16), 16);
      }
      const extreme = farthestOf(work + SCALES, 16);
      if (!(abs<f32>(extreme) >= NOTHING)) {
        memory.fill(to, 0, 210);
        continue;
      }
      const inverse: f32 = -128 / extreme;
      store<u16>(to, <u16>halfBits(1 / inverse), 208);
      const d = halfOf(load<u16>(to, 208));
      for (let group: usize = 0; group < 16; group++) {
        const level = <i8>min(127, nearest(inverse * load<f32>(work + SCALES + (group << 2))));
        store<i8>(to + group, level, 192);
        const ofGroup = d * <f32>level;
        if (ofGroup == 0) continue;
        toLevels(from + (group << 6), 16, ofGroup, 0, -32, 31, quantsOf(work, group, 16));
      }
      packSixBits(work + QUANTS, to);
    }
}

/** 256 quants of 6 bits: 128 bytes of nibbles, then 64 of two high bits each. */
function packSixBits(from: usize, to: usize): void {
  const low = i8x16.splat(15);
  for (let part: usize = 0; part < 2; part++, from += 128)
    for (let side: usize = 0; side < 32; side += 16) {
      const a = v128.load(from + side);
      const b = v128.load(from + side, 32);
      const c = v128.load(from + side, 64);
      const d = v128.load(from + side, 96);
      const nibbles = to + (part << 6) + side;
      v128.store(nibbles, v128.or(v128.and(a, low), i8x16.shl(c, 4)));
      v128.store(nibbles, v128.or(v128.and(b, low), i8x16.shl(d, 4)), 32);
      const ab = v128.or(i8x16.shr_u(a, 4), i8x16.shl(i8x16.shr_u(b, 4), 2));
      const cd = v128.or(i8x16.shl(i8x16.shr_u(c, 4), 4), i8x16.shl(i8x16.shr_u(d, 4), 6));
      v128.store(to + 128 + (part << 5) + side, v128.or(ab, cd));
    }
}
