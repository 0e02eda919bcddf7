import { ParamscopeError } from "../errors";
import { cut, subtract, type Products } from "./products";

/** Columns that are eliminated at once: wide enough that almost all arithmetic is in the products behind them. */
const PANEL = 128;

/**
 * The upper triangular `U` with `H⁻¹ = Uᵀ U`, which SparseGPT takes its updates from; H is symmetric and positive definite,
 * `[size, size]`. With rows and columns in reverse order `H = L Lᵀ`, and `L⁻¹`, reversed again, is U: one factorization and
 * no inverse of H. L⁻¹ is formed by eliminating panels of columns from `[H | I]`, what is behind a panel by runtime products.
 * @throws ParamscopeError when H is not positive definite.
 */
export async function inverseFactor(hessian: Float32Array, size: number, products: Products): Promise<Float32Array> {
  const left = hessian.slice().reverse();
  const right = new Float32Array(size * size);
  for (let i = 0; i < size; i++) right[i * size + i] = 1;

  for (let from = 0; from < size; from += PANEL) {
    const to = Math.min(size, from + PANEL);
    const width = to - from;
    const inverse = lowerInverse(cut(left, size, [from, to], [from, to]), width);
    // row by row, the right side has nothing behind column `to`
    const solved = await products.plain(inverse, cut(right, size, [from, to], [0, to]), width, width);
    for (let row = 0; row < width; row++) right.set(solved.subarray(row * to, (row + 1) * to), (from + row) * size);
    if (to === size) break;
    const below = cut(left, size, [to, size], [from, to]);
    const factor = await products.transposed(below, inverse, size - to, width);
    subtract(left, size, await products.transposed(factor, factor, size - to, width), size - to, to, to);
    subtract(right, size, await products.plain(factor, solved, size - to, width), to, to, 0);
  }
  return right.reverse();
}

/** `L⁻¹` of the Cholesky factor of a small matrix, in float64 inside. */
function lowerInverse(matrix: Float32Array, size: number): Float32Array {
  const l = Float64Array.from(matrix);
  for (let j = 0; j < size; j++) {
    let pivot = l[j * size + j];
    for (let k = 0; k < j; k++) pivot -= l[j * size + k] ** 2;
    if (!(pivot > 0))
      throw new ParamscopeError(
        "The calibration texts say too little for SparseGPT: the products of the inputs are not positive definite.",
        "Give more calibration text, or another criterion.",
      );
    const root = Math.sqrt(pivot);
    l[j * size + j] = root;
    for (let i = j + 1; i < size; i++) {
      let value = l[i * size + j];
      for (let k = 0; k < j; k++) value -= l[i * size + k] * l[j * size + k];
      l[i * size + j] = value / root;
    }
  }
  const inverse = new Float64Array(size * size);
  for (let j = 0; j < size; j++)
    for (let i = j; i < size; i++) {
      let value = i === j ? 1 : 0;
      for (let k = j; k < i; k++) value -= l[i * size + k] * inverse[k * size + j];
      inverse[i * size + j] = value / l[i * size + i];
    }
  return Float32Array.from(inverse);
}
