import { float16Values, type Expand } from "./expand-floats";

/**
 * ggml's 256-weight super-blocks (`Q2_K` … `Q6_K`): float16 scales of the scales, small integer scales per 16 or 32
 * weights, then the quants. Layouts of ggml-common.h, arithmetic of ggml-quants.c `dequantize_row_*_K`.
 */
const NOT_FINITE = 0x7c00;

/** 16 × (4-bit scale, 4-bit minimum), 2-bit quants, d, dmin: 84 bytes. */
export const expandQ2_K: Expand = (source, count, out, at) => {
  const half = float16Values();
  let finite = true;
  for (let block = 0, end = (count >> 8) * 84; block < end; block += 84) {
    const scaleBits = source[block + 80] | (source[block + 81] << 8);
    const minimumBits = source[block + 82] | (source[block + 83] << 8);
    if ((scaleBits & NOT_FINITE) === NOT_FINITE || (minimumBits & NOT_FINITE) === NOT_FINITE) finite = false;
    const d = half[scaleBits];
    const dmin = half[minimumBits];
    let group = block;
    for (let quants = block + 16; quants < block + 80; quants += 32) {
      for (let shift = 0; shift < 8; shift += 2) {
        for (let side = 0; side < 32; side += 16) {
          const scale = source[group++];
          const dl = d * (scale & 15);
          const ml = dmin * (scale >> 4);
          for (let j = 0; j < 16; j++) out[at + j] = dl * ((source[quants + side + j] >> shift) & 3) - ml;
          at += 16;
        }
      }
    }
  }
  return finite;
};

/** High bits, 2-bit quants, 16 signed 6-bit scales in 12 bytes, d: 110 bytes. */
export const expandQ3_K: Expand = (source, count, out, at) => {
  const half = float16Values();
  const scales = new Int32Array(16);
  let finite = true;
  for (let block = 0, end = (count >> 8) * 110; block < end; block += 110) {
    const bits = source[block + 108] | (source[block + 109] << 8);
    if ((bits & NOT_FINITE) === NOT_FINITE) finite = false;
    const d = half[bits];
    for (let j = 0; j < 16; j++) {
      const low = j < 8 ? source[block + 96 + j] & 15 : source[block + 88 + j] >> 4;
      const high = (source[block + 104 + (j & 3)] >> (2 * (j >> 2))) & 3;
      scales[j] = (low | (high << 4)) - 32;
    }
    let group = 0;
    let bit = 0;
    for (let quants = block + 32; quants < block + 96; quants += 32) {
      for (let shift = 0; shift < 8; shift += 2, bit++) {
        for (let side = 0; side < 32; side += 16) {
          const dl = d * scales[group++];
          for (let j = side; j < side + 16; j++) {
            const low = (source[quants + j] >> shift) & 3;
            const high = (source[block + j] >> bit) & 1;
            out[at++] = dl * ((low | (high << 2)) - 4);
          }
        }
      }
    }
  }
  return finite;
};

/** d, dmin, 8 × (6-bit scale, 6-bit minimum) in 12 bytes, 4-bit quants: 144 bytes. */
export const expandQ4_K: Expand = (source, count, out, at) => {
  const half = float16Values();
  let finite = true;
  for (let block = 0, end = (count >> 8) * 144; block < end; block += 144) {
    const scaleBits = source[block] | (source[block + 1] << 8);
    const minimumBits = source[block + 2] | (source[block + 3] << 8);
    if ((scaleBits & NOT_FINITE) === NOT_FINITE || (minimumBits & NOT_FINITE) === NOT_FINITE) finite = false;
    const d = half[scaleBits];
    const dmin = half[minimumBits];
    for (let pair = 0; pair < 4; pair++) {
      const quants = block + 16 + 32 * pair;
      const d1 = d * scaleOf(source, block + 4, 2 * pair);
      const m1 = dmin * minimumOf(source, block + 4, 2 * pair);
      const d2 = d * scaleOf(source, block + 4, 2 * pair + 1);
      const m2 = dmin * minimumOf(source, block + 4, 2 * pair + 1);
      for (let j = 0; j < 32; j++) {
        const q = source[quants + j];
        out[at + j] = d1 * (q & 15) - m1;
        out[at + 32 + j] = d2 * (q >> 4) - m2;
      }
      at += 64;
    }
  }
  return finite;
};

/** As Q4_K, with a fifth bit per weight in 32 bytes between scales and quants: 176 bytes. */
export const expandQ5_K: Expand = (source, count, out, at) => {
  const half = float16Values();
  let finite = true;
  for (let block = 0, end = (count >> 8) * 176; block < end; block += 176) {
    const scaleBits = source[block] | (source[block + 1] << 8);
    const minimumBits = source[block + 2] | (source[block + 3] << 8);
    if ((scaleBits & NOT_FINITE) === NOT_FINITE || (minimumBits & NOT_FINITE) === NOT_FINITE) finite = false;
    const d = half[scaleBits];
    const dmin = half[minimumBits];
    const high = block + 16;
    for (let pair = 0; pair < 4; pair++) {
      const quants = block + 48 + 32 * pair;
      const d1 = d * scaleOf(source, block + 4, 2 * pair);
      const m1 = dmin * minimumOf(source, block + 4, 2 * pair);
      const d2 = d * scaleOf(source, block + 4, 2 * pair + 1);
      const m2 = dmin * minimumOf(source, block + 4, 2 * pair + 1);
      for (let j = 0; j < 32; j++) {
        const q = source[quants + j];
        const bits = source[high + j] >> (2 * pair);
        out[at + j] = d1 * ((q & 15) | ((bits & 1) << 4)) - m1;
        out[at + 32 + j] = d2 * ((q >> 4) | ((bits & 2) << 3)) - m2;
      }
      at += 64;
    }
  }
  return finite;
};

/** 4 low bits, 2 high bits, 16 signed 8-bit scales, d: 210 bytes. */
export const expandQ6_K: Expand = (source, count, out, at) => {
  const half = float16Values();
  const signed = new Int8Array(source.buffer, source.byteOffset, (count >> 8) * 210);
  let finite = true;
  for (let block = 0, end = signed.length; block < end; block += 210) {
    const bits = source[block + 208] | (source[block + 209] << 8);
    if ((bits & NOT_FINITE) === NOT_FINITE) finite = false;
    const d = half[bits];
    for (let part = 0; part < 2; part++) {
      const low = block + 64 * part;
      const high = block + 128 + 32 * part;
      const scales = block + 192 + 8 * part;
      for (let side = 0; side < 2; side++) {
        const d1 = d * signed[scales + side];
        const d2 = d * signed[scales + side + 2];
        const d3 = d * signed[scales + side + 4];
        const d4 = d * signed[scales + side + 6];
        for (let j = 16 * side; j < 16 * side + 16; j++) {
          const a = source[low + j];
          const b = source[low + 32 + j];
          const h = source[high + j];
          out[at + j] = d1 * (((a & 15) | ((h & 3) << 4)) - 32);
          out[at + 32 + j] = d2 * (((b & 15) | ((h & 12) << 2)) - 32);
          out[at + 64 + j] = d3 * (((a >> 4) | (h & 48)) - 32);
          out[at + 96 + j] = d4 * (((b >> 4) | ((h & 192) >> 2)) - 32);
        }
      }
      at += 128;
    }
  }
  return finite;
};

/** ggml's `get_scale_min_k4`: eight 6-bit pairs packed in 12 bytes. */
function scaleOf(source: Uint8Array, at: number, j: number): number {
  return j < 4 ? source[at + j] & 63 : (source[at + j + 4] & 15) | ((source[at + j - 4] >> 6) << 4);
}

function minimumOf(source: Uint8Array, at: number, j: number): number {
  return j < 4 ? source[at + j + 4] & 63 : (source[at + j + 4] >> 4) | ((source[at + j] >> 6) << 4);
}
