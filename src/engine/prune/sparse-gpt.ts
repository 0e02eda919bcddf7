import type { ScoredModule } from "../model/model";
import { inverseFactor } from "./inverse-factor";
import { roomFor } from "./matrix-kernels";
import { cut, place, type Matrix, type Products } from "./products";
import type { LayerRule } from "./rule";

/** The columns that are chosen and compensated for together. */
const BLOCK = 128;
/** The columns of a block that are worked on in float64, one after the other. */
const SPAN = 16;
/** The share of the mean of the Hessian's diagonal that is added to it. */
const DAMPING = 0.01;

/** What SparseGPT needs to know of a matrix's input; matrices with the same input share it. */
export interface InputCurvature {
  /** `[in, in]`: see `inverseFactor`. */
  readonly factor: Float32Array;
  /** Inputs that were always 0: their weights do nothing. */
  readonly dead: readonly number[];
}

/**
 * The curvature of an input from `Σ x xᵀ` over all calibration tokens. The Hessian of the layer's squared error is `2 Σ x xᵀ / samples`, damped. The
 * array is used up.
 */
export async function curvatureOf(
  sums: Float32Array,
  size: number,
  samples: number,
  products: Products,
): Promise<InputCurvature> {
  const hessian = sums;
  for (let i = 0; i < hessian.length; i++) hessian[i] = (hessian[i] ?? 0) * (2 / samples);
  const dead: number[] = [];
  let trace = 0;
  for (let i = 0; i < size; i++) {
    const at = i * size + i;
    if (hessian[at] === 0) {
      dead.push(i);
      hessian[at] = 1;
    }
    trace += hessian[at] ?? 0;
  }
  for (let at = 0; at < hessian.length; at += size + 1) hessian[at] = (hessian[at] ?? 0) + (DAMPING * trace) / size;
  return { factor: await inverseFactor(hessian, size, products), dead };
}

/**
 * Removes weights and changes those that stay, so that the layer's output on the calibration tokens changes least (Frantar and
 * Alistarh, "SparseGPT", algorithm 1). Of a block of columns all rows together lose those with the smallest `w² / U_jj²`; as
 * in the authors' code the one at the threshold goes too. A block is changed for what all blocks before it did when its turn comes.
 */
export async function sparseGpt(
  weights: Float32Array,
  { out, in: columns }: ScoredModule,
  { pattern, sparsity }: LayerRule,
  { factor, dead }: InputCurvature,
  products: Products,
): Promise<void> {
  for (const column of dead) for (let row = 0; row < out; row++) weights[row * columns + column] = 0;
  const whole: Matrix = { values: weights, width: columns };
  const curvature: Matrix = { values: factor, width: columns };
  // blocks and spans are whole groups of a pattern
  const grouped = (size: number): number =>
    pattern === undefined ? size : pattern.of * Math.max(1, Math.floor(size / pattern.of));
  const [most, span] = [grouped(BLOCK), grouped(SPAN)];
  // `[columns, out]`
  const errors = products.workspace.take("errors", columns * out);
  for (let from = 0; from < columns; from += most) {
    const to = Math.min(columns, from + most);
    const width = to - from;
    const size = out * width;
    const asked = products.workspace.take("asked", size);
    if (from === 0) asked.fill(0);
    else {
      const behind = cut(curvature, [0, from], [from, to]);
      await products.ofTransposed(errors.subarray(0, from * out), behind, from, asked);
    }

    const { kernels, values, others, bits, at } = roomFor(size, size + width * width + 2 * width + 4 * span);
    const pointer = (index: number): number => at.others + 4 * index;
    const [part, block, work] = [pointer(0), pointer(size), pointer(size + width * width)];
    cut(whole, [0, out], [from, to], values);
    others.set(asked);
    kernels.subtract(at.values, part, size);
    cut(curvature, [from, to], [from, to], others.subarray(size));
    if (pattern === undefined) {
      kernels.scoreColumns(at.values, out, width, block, part);
      kernels.markSmallest(part, size, Math.min(size, Math.floor(size * sparsity) + 1), at.bits, 0);
    } else bits.fill(0, 0, Math.ceil(size / 8) + 1);
    const { pruned, of } = pattern ?? { pruned: 0, of: 0 };
    kernels.pruneRows(at.values, out, width, block, at.bits, part, pruned, of, span, work);
    errors.set(others.subarray(0, size), from * out);
    place({ values: values.subarray(0, size), width }, whole, 0, from);
  }
}
