import { float16Values, type Expand } from "./expand-floats";

/**
 * ggml's 32-weight blocks: a float16 scale `d` (and a float16 minimum `m`), then the quants. The layouts are those of
 * ggml-common.h, the arithmetic that of ggml-quants.c `dequantize_row_*`: products are exact in float32, so one rounding
 * here equals one rounding there. Finite scales make finite weights: only they are looked at.
 */
const NOT_FINITE = 0x7c00;

/** `d · (q − 8)`; low nibbles are weights 0…15, high nibbles 16…31. */
export const expandQ4_0: Expand = (source, count, out, at) => {
  const half = float16Values();
  let finite = true;
  for (let block = 0, end = (count >> 5) * 18; block < end; block += 18, at += 32) {
    const bits = source[block] | (source[block + 1] << 8);
    if ((bits & NOT_FINITE) === NOT_FINITE) finite = false;
    const d = half[bits];
    for (let j = 0; j < 16; j++) {
      const q = source[block + 2 + j];
      out[at + j] = d * ((q & 15) - 8);
      out[at + 16 + j] = d * ((q >> 4) - 8);
    }
  }
  return finite;
};

/** `d · q + m` */
export const expandQ4_1: Expand = (source, count, out, at) => {
  const half = float16Values();
  let finite = true;
  for (let block = 0, end = (count >> 5) * 20; block < end; block += 20, at += 32) {
    const scale = source[block] | (source[block + 1] << 8);
    const minimum = source[block + 2] | (source[block + 3] << 8);
    if ((scale & NOT_FINITE) === NOT_FINITE || (minimum & NOT_FINITE) === NOT_FINITE) finite = false;
    const d = half[scale];
    const m = half[minimum];
    for (let j = 0; j < 16; j++) {
      const q = source[block + 4 + j];
      out[at + j] = d * (q & 15) + m;
      out[at + 16 + j] = d * (q >> 4) + m;
    }
  }
  return finite;
};

/** As Q4_0, with a fifth bit per weight in a 32-bit word. */
export const expandQ5_0: Expand = (source, count, out, at) => {
  const half = float16Values();
  let finite = true;
  for (let block = 0, end = (count >> 5) * 22; block < end; block += 22, at += 32) {
    const bits = source[block] | (source[block + 1] << 8);
    if ((bits & NOT_FINITE) === NOT_FINITE) finite = false;
    const d = half[bits];
    const high = source[block + 2] | (source[block + 3] << 8) | (source[block + 4] << 16) | (source[block + 5] << 24);
    for (let j = 0; j < 16; j++) {
      const q = source[block + 6 + j];
      out[at + j] = d * (((q & 15) | (((high >>> j) & 1) << 4)) - 16);
      out[at + 16 + j] = d * (((q >> 4) | (((high >>> (j + 16)) & 1) << 4)) - 16);
    }
  }
  return finite;
};

export const expandQ5_1: Expand = (source, count, out, at) => {
  const half = float16Values();
  let finite = true;
  for (let block = 0, end = (count >> 5) * 24; block < end; block += 24, at += 32) {
    const scale = source[block] | (source[block + 1] << 8);
    const minimum = source[block + 2] | (source[block + 3] << 8);
    if ((scale & NOT_FINITE) === NOT_FINITE || (minimum & NOT_FINITE) === NOT_FINITE) finite = false;
    const d = half[scale];
    const m = half[minimum];
    const high = source[block + 4] | (source[block + 5] << 8) | (source[block + 6] << 16) | (source[block + 7] << 24);
    for (let j = 0; j < 16; j++) {
      const q = source[block + 8 + j];
      out[at + j] = d * ((q & 15) | (((high >>> j) & 1) << 4)) + m;
      out[at + 16 + j] = d * ((q >> 4) | (((high >>> (j + 16)) & 1) << 4)) + m;
    }
  }
  return finite;
};

/** `d · q`, q a signed byte. */
export const expandQ8_0: Expand = (source, count, out, at) => {
  const half = float16Values();
  const quants = new Int8Array(source.buffer, source.byteOffset, (count >> 5) * 34);
  let finite = true;
  for (let block = 0, end = quants.length; block < end; block += 34, at += 32) {
    const bits = source[block] | (source[block + 1] << 8);
    if ((bits & NOT_FINITE) === NOT_FINITE) finite = false;
    const d = half[bits];
    for (let j = 0; j < 32; j++) out[at + j] = d * quants[block + 2 + j];
  }
  return finite;
};
