/**
 * AssemblyScript, compiled to WebAssembly: what pruning does with every weight. Values are float32, bits are those of a `BitMask`;
 * pointers are in bytes and need no alignment.
 */

/** Without the sign bit the bits of floats order by magnitude. */
const MAGNITUDE: i32 = 0x7fffffff;
const LANES: usize = 4;
/** Sums are carried in float32 over so many values, and in float64 from there on. */
const STRIP: usize = 1024;

/** `to = values · factors` */
export function scale(values: usize, factors: usize, size: usize, to: usize): void {
  const end = size << 2;
  const whole = end & ~15;
  for (let at: usize = 0; at < whole; at += 16)
    v128.store(to + at, f32x4.mul(v128.load(values + at), v128.load(factors + at)));
  for (let at = whole; at < end; at += 4) store<f32>(to + at, load<f32>(values + at) * load<f32>(factors + at));
}

/**
 * Sets the bits, from bit `first` on, of the `count` values of the smallest magnitude, of equal ones the first, and no other: bits
 * behind the last are cleared up to a whole byte. The threshold is found by halving: how many are below is counted a few times.
 */
export function markSmallest(values: usize, size: usize, count: usize, bits: usize, first: usize): void {
  let low: i32 = -1;
  let high = largest(values, size);
  let upToHigh = size;
  let upToLow: usize = 0;
  // where exactly so many are up to some value, that will do; where values are equal there may be none
  while (upToHigh != count && high - low > 1) {
    const middle = low + ((high - low) >> 1);
    const upToMiddle = countUpTo(values, size, middle);
    if (upToMiddle < count) {
      low = middle;
      upToLow = upToMiddle;
    } else {
      high = middle;
      upToHigh = upToMiddle;
    }
  }
  if (upToHigh == count) {
    markUpTo(values, size, high, bits, first);
    return;
  }
  markUpTo(values, size, low, bits, first);
  let equal = count - upToLow;
  for (let i: usize = 0; equal > 0; i++)
    if ((load<i32>(values + (i << 2)) & MAGNITUDE) == high) {
      const bit = first + i;
      store<u8>(bits + (bit >> 3), load<u8>(bits + (bit >> 3)) | (1 << <u8>(bit & 7)));
      equal--;
    }
}

/** Sets the bits of the values that are 0. */
export function markZeros(values: usize, size: usize, bits: usize): void {
  markUpTo(values, size, 0, bits, 0);
}

/** Sets the values to 0 whose bits, from bit `first` on, are set. */
export function removeMarked(values: usize, size: usize, bits: usize, first: usize): void {
  const whole = size - (size % LANES);
  const own = i32x4(1, 2, 4, 8);
  let i: usize = 0;
  for (; i < whole; i += LANES) {
    const bit = first + i;
    const four: u32 = <u32>load<u16>(bits + (bit >> 3)) >> <u32>(bit & 7);
    const isMarked = i32x4.ne(v128.and(i32x4.splat(four), own), i32x4.splat(0));
    const at = values + (i << 2);
    v128.store(at, v128.andnot(v128.load(at), isMarked));
  }
  for (; i < size; i++) {
    const bit = first + i;
    if ((load<u8>(bits + (bit >> 3)) >> <u8>(bit & 7)) & 1) store<f32>(values + (i << 2), 0);
  }
}

export function sumOfMagnitudes(values: usize, size: usize): f64 {
  const whole = size - (size % LANES);
  let sum: f64 = 0;
  for (let start: usize = 0; start < whole; start += STRIP) {
    const end = min(whole, start + STRIP) << 2;
    let four = f32x4.splat(0);
    for (let at = start << 2; at < end; at += 16) four = f32x4.add(four, f32x4.abs(v128.load(values + at)));
    sum += <f64>f32x4.extract_lane(four, 0) + <f64>f32x4.extract_lane(four, 1);
    sum += <f64>f32x4.extract_lane(four, 2) + <f64>f32x4.extract_lane(four, 3);
  }
  for (let i = whole; i < size; i++) sum += <f64>Mathf.abs(load<f32>(values + (i << 2)));
  return sum;
}

/** Adds the squares of rows of `size` values to float64 sums of their columns. */
export function addSquares(rows: usize, count: usize, size: usize, sums: usize): void {
  const whole = size - (size % 2);
  for (let row: usize = 0; row < count; row++) {
    const from = rows + ((row * size) << 2);
    let i: usize = 0;
    for (; i < whole; i += 2) {
      const x = f64x2.promote_low_f32x4(v128.load64_zero(from + (i << 2)));
      const at = sums + (i << 3);
      v128.store(at, f64x2.add(v128.load(at), f64x2.mul(x, x)));
    }
    for (; i < size; i++) {
      const x = <f64>load<f32>(from + (i << 2));
      const at = sums + (i << 3);
      store<f64>(at, load<f64>(at) + x * x);
    }
  }
}

// @ts-expect-error: decorators stand on functions in AssemblyScript only
@inline
function largest(values: usize, size: usize): i32 {
  const whole = size - (size % LANES);
  const magnitude = i32x4.splat(MAGNITUDE);
  let four = i32x4.splat(0);
  for (let at = values, end = values + (whole << 2); at < end; at += 16)
    four = i32x4.max_s(four, v128.and(v128.load(at), magnitude));
  let most = max(
    max(i32x4.extract_lane(four, 0), i32x4.extract_lane(four, 1)),
    max(i32x4.extract_lane(four, 2), i32x4.extract_lane(four, 3)),
  );
  for (let i = whole; i < size; i++) most = max(most, load<i32>(values + (i << 2)) & MAGNITUDE);
  return most;
}

/** How many magnitudes are at most `threshold`. */
// @ts-expect-error: as above
@inline
function countUpTo(values: usize, size: usize, threshold: i32): usize {
  const whole = size - (size % LANES);
  const magnitude = i32x4.splat(MAGNITUDE);
  const most = i32x4.splat(threshold);
  let four = i32x4.splat(0);
  // a comparison that holds is −1
  for (let at = values, end = values + (whole << 2); at < end; at += 16)
    four = i32x4.sub(four, i32x4.le_s(v128.and(v128.load(at), magnitude), most));
  let count = i32x4.extract_lane(four, 0) + i32x4.extract_lane(four, 1);
  count += i32x4.extract_lane(four, 2) + i32x4.extract_lane(four, 3);
  for (let i = whole; i < size; i++) count += (load<i32>(values + (i << 2)) & MAGNITUDE) <= threshold ? 1 : 0;
  return count;
}

/** Bits in front of bit `first` in its byte stay. */
// @ts-expect-error: as above
@inline
function markUpTo(values: usize, size: usize, threshold: i32, bits: usize, first: usize): void {
  const whole = size - (size % LANES);
  const magnitude = i32x4.splat(MAGNITUDE);
  const most = i32x4.splat(threshold);
  let at = bits + (first >> 3);
  let filled: u32 = <u32>(first & 7);
  let byte: u32 = <u32>load<u8>(at) & ((1 << filled) - 1);
  let i: usize = 0;
  for (; i < whole; i += LANES) {
    const four = i32x4.bitmask(i32x4.le_s(v128.and(v128.load(values + (i << 2)), magnitude), most));
    byte |= four << filled;
    filled += 4;
    if (filled >= 8) {
      store<u8>(at++, byte);
      byte >>= 8;
      filled -= 8;
    }
  }
  for (; i < size; i++) {
    byte |= ((load<i32>(values + (i << 2)) & MAGNITUDE) <= threshold ? 1 : 0) << filled++;
    if (filled == 8) {
      store<u8>(at++, byte);
      byte = 0;
      filled = 0;
    }
  }
  if (filled > 0) store<u8>(at, byte);
}
