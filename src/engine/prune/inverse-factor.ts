import { ParamscopeError } from "../errors";
import { roomFor } from "./matrix-kernels";
import { cut, place, type Matrix, type Products } from "./products";

/** The columns that are found at once: wide enough that almost all arithmetic is in the products. */
const PANEL = 128;

/**
 * The upper triangular `U` with `H⁻¹ = Uᵀ U`, which SparseGPT takes its updates from; H is symmetric and positive definite,
 * `[size, size]`. With rows and columns in reverse order `H = L Lᵀ`, and `L⁻¹`, reversed again, is U: one factorization and
 * no inverse of H. L and L⁻¹ are formed a panel at a time, each from all panels before it, by products of the runtime.
 * @param hessian is used up
 * @throws ParamscopeError when H is not positive definite.
 */
export async function inverseFactor(hessian: Float32Array, size: number, products: Products): Promise<Float32Array> {
  // below the panels' own squares L takes the place of H
  const lower: Matrix = { values: hessian.reverse(), width: size };
  const inverse: Matrix = { values: new Float32Array(size * size), width: size };
  const { workspace } = products;
  for (let from = 0; from < size; from += PANEL) {
    const to = Math.min(size, from + PANEL);
    const width = to - from;
    const known = cut(lower, [from, size], [0, from], workspace.take("known", (size - from) * from));
    const ofPanel = known.subarray(0, width * from);
    const column = cut(lower, [from, size], [from, to]);
    if (from > 0) {
      const sums = await products.transposed(known, ofPanel, size - from, from);
      for (let i = 0; i < column.length; i++) column[i] = (column[i] ?? 0) - (sums[i] ?? 0);
    }
    const own = lowerInverse(column.subarray(0, width * width), width);
    place({ values: own, width }, inverse, from, from);
    if (from > 0) {
      const found = cut(inverse, [0, from], [0, from], workspace.take("found", from * from));
      const negative = own.map((value) => -value);
      const before = await products.plain(negative, await products.plain(ofPanel, found, width, from), width, width);
      place({ values: before, width: from }, inverse, from, 0);
    }
    if (to < size) {
      const below = await products.transposed(column.subarray(width * width), own, size - to, width);
      place({ values: below, width }, lower, to, from);
    }
  }
  return inverse.values.reverse();
}

/** The inverse, `L⁻¹`, of the Cholesky factor of a small matrix; in float64 inside. */
function lowerInverse(matrix: Float32Array, size: number): Float32Array {
  const { length } = matrix;
  const { kernels, values, others, at } = roomFor(length, 5 * length);
  values.set(matrix);
  const inverse = at.others + 4 * 4 * length;
  if (kernels.lowerInverse(at.values, size, at.others, inverse) === 0)
    throw new ParamscopeError(
      "The calibration texts say too little for SparseGPT: the products of the inputs are not positive definite.",
      "Give more calibration text, or another criterion.",
    );
  return others.slice(4 * length, 5 * length);
}
