/** AssemblyScript, compiled to WebAssembly: what rounding weights costs. All arrays are float32, rows of `columns` one behind the other, 16 bytes aligned; pointers are in bytes. */

const LANES: usize = 4;
/** Sums are carried in float32 over so many values of a row, and in float64 from there on. */
const RUN: usize = 128;

/** `Σ_ij importance_j · v_ij²` */
export function weightedSquares(values: usize, importance: usize, rows: usize, columns: usize): f64 {
  const whole = columns - (columns % LANES);
  let all: f64 = 0;
  for (let row: usize = 0; row < rows; row++, values += columns << 2) {
    for (let start: usize = 0; start < whole; start += RUN) {
      const end = min(whole, start + RUN) << 2;
      let sum = f32x4.splat(0);
      for (let at = start << 2; at < end; at += 16) {
        const value = v128.load(values + at);
        sum = f32x4.add(sum, f32x4.mul(v128.load(importance + at), f32x4.mul(value, value)));
      }
      all += total(sum);
    }
    for (let column = whole; column < columns; column++) {
      const value: f64 = load<f32>(values + (column << 2));
      all += <f64>load<f32>(importance + (column << 2)) * value * value;
    }
  }
  return all;
}

/**
 * Of errors `e = rounded − weights` the sum `Σ_ij importance_j · e_ij²`, and by scores `s` of the same shape `Σ s e² / 2`.
 * @param sums takes both, float64.
 */
export function secondOrder(
  weights: usize,
  rounded: usize,
  scores: usize,
  importance: usize,
  rows: usize,
  columns: usize,
  sums: usize,
): void {
  add(weights, rounded, scores, importance, rows, columns, sums, true);
}

/** The same with `Σ s |e| / |weight|` in its place, over the weights that are not 0. */
export function firstOrder(
  weights: usize,
  rounded: usize,
  scores: usize,
  importance: usize,
  rows: usize,
  columns: usize,
  sums: usize,
): void {
  add(weights, rounded, scores, importance, rows, columns, sums, false);
}

// @ts-expect-error: decorators stand on functions in AssemblyScript only
@inline
function add(
  weights: usize,
  rounded: usize,
  scores: usize,
  importance: usize,
  rows: usize,
  columns: usize,
  sums: usize,
  isSecondOrder: bool,
): void {
  const whole = columns - (columns % LANES);
  const zero = f32x4.splat(0);
  let errors: f64 = 0;
  let costs: f64 = 0;
  for (let row: usize = 0; row < rows; row++) {
    for (let start: usize = 0; start < whole; start += RUN) {
      const end = min(whole, start + RUN) << 2;
      let error = zero;
      let cost = zero;
      for (let at = start << 2; at < end; at += 16) {
        const weight = v128.load(weights + at);
        const e = f32x4.sub(v128.load(rounded + at), weight);
        const score = v128.load(scores + at);
        const square = f32x4.mul(e, e);
        error = f32x4.add(error, f32x4.mul(v128.load(importance + at), square));
        const own = isSecondOrder
          ? f32x4.mul(score, square)
          : v128.and(f32x4.mul(score, f32x4.abs(f32x4.div(e, weight))), f32x4.ne(weight, zero));
        cost = f32x4.add(cost, own);
      }
      errors += total(error);
      costs += total(cost);
    }
    for (let column = whole; column < columns; column++) {
      const at = column << 2;
      const weight: f64 = load<f32>(weights + at);
      const e: f64 = <f64>load<f32>(rounded + at) - weight;
      const score: f64 = load<f32>(scores + at);
      errors += <f64>load<f32>(importance + at) * e * e;
      if (isSecondOrder) costs += score * e * e;
      else if (weight != 0) costs += score * abs(e / weight);
    }
    weights += columns << 2;
    rounded += columns << 2;
    scores += columns << 2;
  }
  store<f64>(sums, errors);
  store<f64>(sums, isSecondOrder ? costs / 2 : costs, 8);
}

// @ts-expect-error: as above
@inline
function total(sums: v128): f64 {
  const halves = f64x2.add(
    f64x2.promote_low_f32x4(sums),
    f64x2.promote_low_f32x4(v128.shuffle<u32>(sums, sums, 2, 3, 0, 1)),
  );
  return f64x2.extract_lane(halves, 0) + f64x2.extract_lane(halves, 1);
}
