/** AssemblyScript: quants, a byte each, into the bits of ggml's blocks (ggml-common.h). */

/** 32 quants of 4 bits to 16 bytes: low nibbles are the first half. Higher bits are left out. */
// @ts-expect-error: decorators stand on functions in AssemblyScript only
@inline
export function packNibbles(from: usize, to: usize): void {
  const low = v128.and(v128.load(from), i8x16.splat(15));
  v128.store(to, v128.or(low, i8x16.shl(v128.load(from, 16), 4)));
}

/** The fifth bits of 32 quants, lowest first. */
// @ts-expect-error: as above
@inline
export function fifthBits(from: usize): u32 {
  const low = <u32>i8x16.bitmask(i8x16.shl(v128.load(from), 3));
  const high = <u32>i8x16.bitmask(i8x16.shl(v128.load(from, 16), 3));
  return low | (high << 16);
}

/** 64 quants of 4 bits to 32 bytes: low nibbles are the first half. */
// @ts-expect-error: as above
@inline
export function packHalves(from: usize, to: usize): void {
  for (let side: usize = 0; side < 32; side += 16) {
    const low = v128.and(v128.load(from + side), i8x16.splat(15));
    v128.store(to + side, v128.or(low, i8x16.shl(v128.load(from + side, 32), 4)));
  }
}

/** 256 quants of 2 bits to 64 bytes, four rows of 32 in each 32 bytes. Higher bits are left out. */
export function packQuarters(from: usize, to: usize): void {
  const three = i8x16.splat(3);
  for (let part: usize = 0; part < 2; part++, from += 128, to += 32)
    for (let side: usize = 0; side < 32; side += 16) {
      const a = v128.and(v128.load(from + side), three);
      const b = v128.and(v128.load(from + side, 32), three);
      const c = v128.and(v128.load(from + side, 64), three);
      const d = v128.load(from + side, 96);
      const ab = v128.or(a, i8x16.shl(b, 2));
      v128.store(to + side, v128.or(ab, v128.or(i8x16.shl(c, 4), i8x16.shl(d, 6))));
    }
}

/** One bit, the given one, of each of 256 quants to 32 bytes: of each 32 quants one bit in every byte, the first lowest. */
// @ts-expect-error: as above
@inline
export function packBits(from: usize, bit: i32, to: usize): void {
  const one = i8x16.splat(1);
  for (let side: usize = 0; side < 32; side += 16) {
    let bits = i8x16.splat(0);
    for (let row = 0; row < 8; row++) {
      const own = v128.and(i8x16.shr_u(v128.load(from + side + ((<usize>row) << 5)), bit), one);
      bits = v128.or(bits, i8x16.shl(own, row));
    }
    v128.store(to + side, bits);
  }
}

/** Eight scales and eight minima of 6 bits to 12 bytes: what ggml's `get_scale_min_k4` reads. */
export function packPairs(scales: usize, minima: usize, to: usize): void {
  for (let j: usize = 0; j < 4; j++) {
    const scale = <u32>load<u8>(scales + j);
    const minimum = <u32>load<u8>(minima + j);
    const laterScale = <u32>load<u8>(scales + j, 4);
    const laterMinimum = <u32>load<u8>(minima + j, 4);
    store<u8>(to + j, <u8>(scale | ((laterScale >> 4) << 6)));
    store<u8>(to + j, <u8>(minimum | ((laterMinimum >> 4) << 6)), 4);
    store<u8>(to + j, <u8>((laterScale & 15) | (laterMinimum << 4)), 8);
  }
}

/** 16 scales of 6 bits to 12 bytes: eight of low nibbles, four of two high bits each. */
export function packScales(scales: usize, to: usize): void {
  memory.fill(to, 0, 12);
  for (let j: usize = 0; j < 16; j++) {
    const scale = <u32>load<u8>(scales + j);
    const low = to + (j & 7);
    store<u8>(low, load<u8>(low) | <u8>((scale & 15) << <u32>(j < 8 ? 0 : 4)));
    const high = to + 8 + (j & 3);
    store<u8>(high, load<u8>(high) | <u8>((scale >> 4) << <u32>(2 * (j >> 2))));
  }
}
