/**
 * AssemblyScript: compiled to WebAssembly, which has vector instructions where JavaScript has none. All arrays lie in the imported memory,
 * 16 bytes aligned; pointers are in bytes.
 */

const LANES: usize = 4;
/** Sums are carried in float32 over so many values of a row, and in float64 from there on. */
const RUN: usize = 128;

/** How many bits of a float32 do not say which bin it is in. */
const BIN_SHIFT: i32 = 16;
/** Two copies of the histogram: neighbours often fall into one bin, and would wait for each other. */
const BIN_COUNT: usize = 32768;

/**
 * What activations `[rows, width]` of float32, none negative, come to.
 * @param columnSums of float32 `[width]`, added to; as long as rows are few that is exact enough.
 * @param rowSums of float64 `[rows]`, and `rowSquares` those of their squares.
 * @param counts of int32 `[2, 32768]`, added to: both together are the histogram over the bits' upper half.
 * @param weakest the bits of a float32: which fours of values have one above it is written to `candidates`.
 * @param bounds takes the bits of the smallest value that is not 0, less one and unsigned, of the largest, and how many are 0.
 * @returns how many candidates there are, each the number of the first of four values.
 */
export function reduce(
  values: usize,
  rows: usize,
  width: usize,
  columnSums: usize,
  rowSums: usize,
  rowSquares: usize,
  counts: usize,
  weakest: i32,
  candidates: usize,
  bounds: usize,
): usize {
  const whole = width - (width % LANES);
  const others = counts + (BIN_COUNT << 2);
  const bar = i32x4.splat(weakest);
  const one = i32x4.splat(1);
  let least = i32x4.splat(-1);
  let most = i32x4.splat(0);
  let zeros: v128 = i32x4.splat(0);
  let restZeros: i32 = 0;
  let restLeast: u32 = 0xffffffff;
  let restMost: i32 = 0;
  let found: usize = 0;
  for (let row: usize = 0; row < rows; row++) {
    const base = values + ((row * width) << 2);
    let sums = f64x2.splat(0);
    let squares = f64x2.splat(0);
    for (let start: usize = 0; start < whole; start += RUN) {
      const end = min(whole, start + RUN) << 2;
      let sum = f32x4.splat(0);
      let square = f32x4.splat(0);
      for (let at = start << 2; at < end; at += 16) {
        const value = v128.load(base + at);
        sum = f32x4.add(sum, value);
        square = f32x4.add(square, f32x4.mul(value, value));
        v128.store(columnSums + at, f32x4.add(v128.load(columnSums + at), value));
        least = i32x4.min_u(least, i32x4.sub(value, one));
        most = i32x4.max_s(most, value);
        zeros = i32x4.sub(zeros, i32x4.eq(value, i32x4.splat(0)));
        const bins = i32x4.shl(i32x4.shr_u(value, BIN_SHIFT), 2);
        count(counts, i32x4.extract_lane(bins, 0));
        count(others, i32x4.extract_lane(bins, 1));
        count(counts, i32x4.extract_lane(bins, 2));
        count(others, i32x4.extract_lane(bins, 3));
        if (v128.any_true(i32x4.gt_s(value, bar))) {
          store<u32>(candidates + (found << 2), <u32>((base - values + at) >> 2));
          found++;
        }
      }
      sums = f64x2.add(sums, halves(sum));
      squares = f64x2.add(squares, halves(square));
    }
    let rest: f64 = 0;
    let restSquares: f64 = 0;
    for (let column = whole; column < width; column++) {
      const at = column << 2;
      const value = load<f32>(base + at);
      const bits = load<i32>(base + at);
      rest += <f64>value;
      restSquares += <f64>value * <f64>value;
      store<f32>(columnSums + at, load<f32>(columnSums + at) + value);
      restLeast = min(restLeast, <u32>bits - 1);
      restMost = max(restMost, bits);
      if (bits == 0) restZeros++;
      count(counts, (bits >>> BIN_SHIFT) << 2);
      if (bits > weakest) {
        store<u32>(candidates + (found << 2), <u32>((base - values + at) >> 2));
        found++;
      }
    }
    store<f64>(rowSums + (row << 3), rest + f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1));
    store<f64>(rowSquares + (row << 3), restSquares + f64x2.extract_lane(squares, 0) + f64x2.extract_lane(squares, 1));
  }
  for (let lane: usize = 0; lane < LANES; lane++) {
    store<v128>(bounds, least);
    restLeast = min(restLeast, load<u32>(bounds + (lane << 2)));
    store<v128>(bounds, most);
    restMost = max(restMost, load<i32>(bounds + (lane << 2)));
    store<v128>(bounds, zeros);
    restZeros += load<i32>(bounds + (lane << 2));
  }
  store<u32>(bounds, restLeast);
  store<i32>(bounds, restMost, 4);
  store<i32>(bounds, restZeros, 8);
  return found;
}

/**
 * Raises `maxima` of float32 bits, int32 `[cells]`, to the largest of each cell's columns over activations `[rows, width]` of float32, none negative.
 * @param begins of uint32 `[cells + 1]`: a cell's columns go from its own to the next one's.
 */
export function raise(values: usize, rows: usize, width: usize, begins: usize, cells: usize, maxima: usize): void {
  for (let cell: usize = 0; cell < cells; cell++) {
    const begin = <usize>load<u32>(begins + (cell << 2));
    const end = <usize>load<u32>(begins + (cell << 2), 4);
    const whole = end - ((end - begin) % LANES);
    let most = load<i32>(maxima + (cell << 2));
    let lanes = i32x4.splat(most);
    for (let row: usize = 0; row < rows; row++) {
      const base = values + ((row * width) << 2);
      for (let column = begin; column < whole; column += LANES)
        lanes = i32x4.max_s(lanes, v128.load(base + (column << 2)));
      for (let column = whole; column < end; column++) most = max(most, load<i32>(base + (column << 2)));
    }
    const pairs = i32x4.max_s(lanes, v128.shuffle<u32>(lanes, lanes, 2, 3, 0, 1));
    most = max(most, max(i32x4.extract_lane(pairs, 0), i32x4.extract_lane(pairs, 1)));
    store<i32>(maxima + (cell << 2), most);
  }
}

// @ts-expect-error: decorators stand on functions in AssemblyScript only
@inline
function count(counts: usize, offset: i32): void {
  const at = counts + <usize>offset;
  store<u32>(at, load<u32>(at) + 1);
}

/** The sums of the first and the last two of four. */
// @ts-expect-error: as above
@inline
function halves(sums: v128): v128 {
  return f64x2.add(f64x2.promote_low_f32x4(sums), f64x2.promote_low_f32x4(v128.shuffle<u32>(sums, sums, 2, 3, 0, 1)));
}
