import type { ScoredModule } from "../model/model";
import { BitMask } from "./bit-mask";
import { inverseFactor } from "./inverse-factor";
import { cut, subtract, type Products } from "./products";
import { markSmallest, markSmallestOfEvery } from "./smallest";
import type { LayerRule } from "./rule";

/** Columns that are chosen and compensated for together. */
const BLOCK = 128;
/** Of the mean of the Hessian's diagonal, added to it. */
const DAMPING = 0.01;

/** What SparseGPT needs to know of a matrix's input; matrices with the same input share it. */
export interface InputCurvature {
  /** `[in, in]`: see `inverseFactor`. */
  readonly factor: Float32Array;
  /** Inputs that were always 0: their weights do nothing. */
  readonly dead: readonly number[];
}

/**
 * From `Σ x xᵀ` over all calibration tokens. The Hessian of the layer's squared error is `2 Σ x xᵀ / samples`, damped. The
 * array is used up.
 */
export async function curvatureOf(
  sums: Float32Array,
  size: number,
  samples: number,
  products: Products,
): Promise<InputCurvature> {
  const hessian = sums;
  for (let i = 0; i < hessian.length; i++) hessian[i] *= 2 / samples;
  const dead: number[] = [];
  let trace = 0;
  for (let i = 0; i < size; i++) {
    const at = i * size + i;
    if (hessian[at] === 0) {
      dead.push(i);
      hessian[at] = 1;
    }
    trace += hessian[at];
  }
  for (let i = 0; i < size; i++) hessian[i * size + i] += (DAMPING * trace) / size;
  return { factor: await inverseFactor(hessian, size, products), dead };
}

/**
 * Removes weights and changes those that stay, so that the layer's output on the calibration tokens changes least (Frantar and
 * Alistarh, "SparseGPT", algorithm 1). Of a block of columns all rows together lose those with the smallest `w² / U_jj²`; as
 * in the authors' code the one at the threshold goes too.
 */
export async function sparseGpt(
  weights: Float32Array,
  { out, in: columns }: ScoredModule,
  rule: LayerRule,
  { factor, dead }: InputCurvature,
  products: Products,
): Promise<void> {
  for (const column of dead) for (let row = 0; row < out; row++) weights[row * columns + column] = 0;
  for (let from = 0; from < columns; from += BLOCK) {
    const to = Math.min(columns, from + BLOCK);
    const width = to - from;
    const block = cut(factor, columns, [from, to], [from, to]);
    const mask = new BitMask(out * width);
    if (rule.pattern === undefined)
      markSmallest(
        scoresOf(cut(weights, columns, [0, out], [from, to]), block, width),
        Math.floor(out * width * rule.sparsity) + 1,
        mask,
        0,
      );
    const errors = new Float32Array(out * width);
    for (let row = 0; row < out; row++) {
      const at = row * columns + from;
      pruneRow(weights.subarray(at, at + width), block, rule, mask, row, errors);
    }
    if (to === columns) break;
    const behind = cut(factor, columns, [from, to], [to, columns]);
    subtract(weights, columns, await products.plain(errors, behind, out, width), columns - to, 0, to);
  }
}

function scoresOf(weights: Float32Array, block: Float32Array, width: number): Float32Array {
  for (let i = 0; i < weights.length; i++) {
    const column = i % width;
    weights[i] = weights[i] ** 2 / block[column * width + column] ** 2;
  }
  return weights;
}

/** One row of a block: each weight that goes is compensated for by those behind it. Rows do not depend on each other. */
function pruneRow(
  weights: Float32Array,
  block: Float32Array,
  { pattern }: LayerRule,
  mask: BitMask,
  row: number,
  errors: Float32Array,
): void {
  const width = weights.length;
  const values = Float64Array.from(weights);
  const first = row * width;
  for (let i = 0; i < width; i++) {
    if (pattern !== undefined && i % pattern.of === 0) {
      const scores = Float32Array.from(
        values.subarray(i, i + pattern.of),
        (value, k) => value ** 2 / block[(i + k) * width + i + k] ** 2,
      );
      markSmallestOfEvery(pattern, scores, mask, first + i);
    }
    if (!mask.has(first + i)) continue;
    const error = values[i] / block[i * width + i];
    values[i] = 0;
    errors[first + i] = error;
    for (let j = i + 1, at = i * width + i + 1; j < width; j++, at++) values[j] -= error * block[at];
  }
  weights.set(values);
}
