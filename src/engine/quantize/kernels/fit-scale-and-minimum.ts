/** AssemblyScript: scales of groups whose quants have no sign: `x ≈ scale · level − minimum`. */
import { roundedWithin } from "./numbers";
import { LEVELS, TRIED, VALUES, WEIGHTS } from "./work";

/** What of four groups is subtracted, by the last fit. */
export let minima: v128 = i32x4.splat(0);

/** ggml's `make_qkx3_quants` (and `make_qkx2_quants`, which is the same with weights): see `fit`. Least weighted squares of errors. */
export function fitSquares(work: usize, size: usize, most: f32, first: f32, step: f32, steps: i32): v128 {
  return fit(work, size, most, first, step, steps, false);
}

/** The same, with least weighted magnitudes of errors. */
export function fitMagnitudes(work: usize, size: usize, most: f32, first: f32, step: f32, steps: i32): v128 {
  return fit(work, size, most, first, step, steps, true);
}

/**
 * The scale and what is subtracted, at least 0, for levels 0 … most: by regression on the levels that come of `steps + 1` scales, beside those of
 * the range. The levels of the best are left in their places; a group of equal weights below 0 or of zeros has no scale.
 */
// @ts-expect-error: decorators stand on functions in AssemblyScript only
@inline
function fit(work: usize, size: usize, most: f32, first: f32, step: f32, steps: i32, magnitudes: bool): v128 {
  const end = work + (size << 4);
  const zero = f32x4.splat(0);
  const high = f32x4.splat(most);
  let least = v128.load(work, VALUES);
  let greatest = least;
  let sumOfWeights = v128.load(work, WEIGHTS);
  let sum = f32x4.mul(sumOfWeights, least);
  for (let at = work + 16; at < end; at += 16) {
    const x = v128.load(at, VALUES);
    const w = v128.load(at, WEIGHTS);
    least = f32x4.pmin(least, x);
    greatest = f32x4.pmax(greatest, x);
    sumOfWeights = f32x4.add(sumOfWeights, w);
    sum = f32x4.add(sum, f32x4.mul(w, x));
  }
  least = f32x4.pmin(least, zero);
  const range = f32x4.sub(greatest, least);
  const isFlat = f32x4.le(greatest, least);
  let inverse = f32x4.div(high, range);
  let scale = f32x4.div(f32x4.splat(1), inverse);
  let minimum = least;
  let bestError = zero;
  for (let at = work; at < end; at += 16) {
    const x = v128.load(at, VALUES);
    const level = roundedWithin(f32x4.mul(inverse, f32x4.sub(x, least)), zero, high);
    v128.store(at, level, LEVELS);
    const wrong = f32x4.sub(f32x4.add(f32x4.mul(scale, level), minimum), x);
    const cost = magnitudes ? f32x4.abs(wrong) : f32x4.mul(wrong, wrong);
    bestError = f32x4.add(bestError, f32x4.mul(v128.load(at, WEIGHTS), cost));
  }
  for (let i = 0; i <= steps; i++) {
    // ggml looks for levels from where the best so far begins, but takes the range as it was
    inverse = f32x4.div(f32x4.splat(first + step * <f32>i + most), f32x4.sub(greatest, minimum));
    let levels = zero;
    let squares = zero;
    let products = zero;
    for (let at = work; at < end; at += 16) {
      const x = v128.load(at, VALUES);
      const level = roundedWithin(f32x4.mul(inverse, f32x4.sub(x, minimum)), zero, high);
      v128.store(at, level, TRIED);
      const weighted = f32x4.mul(v128.load(at, WEIGHTS), level);
      levels = f32x4.add(levels, weighted);
      squares = f32x4.add(squares, f32x4.mul(weighted, level));
      products = f32x4.add(products, f32x4.mul(weighted, x));
    }
    const determinant = f32x4.sub(f32x4.mul(sumOfWeights, squares), f32x4.mul(levels, levels));
    const fitted = f32x4.div(
      f32x4.sub(f32x4.mul(sumOfWeights, products), f32x4.mul(sum, levels)),
      determinant,
    );
    const offset = f32x4.div(
      f32x4.sub(f32x4.mul(squares, sum), f32x4.mul(levels, products)),
      determinant,
    );
    const isAbove = f32x4.gt(offset, zero);
    const triedMinimum = v128.andnot(offset, isAbove);
    const triedScale = v128.bitselect(f32x4.div(products, squares), fitted, isAbove);
    let error = zero;
    for (let at = work; at < end; at += 16) {
      const value = f32x4.add(f32x4.mul(triedScale, v128.load(at, TRIED)), triedMinimum);
      const wrong = f32x4.sub(value, v128.load(at, VALUES));
      const cost = magnitudes ? f32x4.abs(wrong) : f32x4.mul(wrong, wrong);
      error = f32x4.add(error, f32x4.mul(v128.load(at, WEIGHTS), cost));
    }
    const isBetter = v128.and(f32x4.gt(determinant, zero), f32x4.lt(error, bestError));
    if (!v128.any_true(isBetter)) continue;
    for (let at = work; at < end; at += 16)
      v128.store(at, v128.bitselect(v128.load(at, TRIED), v128.load(at, LEVELS), isBetter), LEVELS);
    bestError = v128.bitselect(error, bestError, isBetter);
    scale = v128.bitselect(triedScale, scale, isBetter);
    minimum = v128.bitselect(triedMinimum, minimum, isBetter);
  }
  if (v128.any_true(isFlat)) {
    for (let at = work; at < end; at += 16) v128.store(at, v128.andnot(v128.load(at, LEVELS), isFlat), LEVELS);
    minimum = v128.bitselect(least, minimum, isFlat);
  }
  minima = f32x4.neg(minimum);
  return v128.andnot(scale, isFlat);
}
