import type { ScoredModule } from "../model/model";
import { BitMask } from "./bit-mask";
import { inverseFactor } from "./inverse-factor";
import { cut, subtract, type Products } from "./products";
import { markSmallest, markSmallestOfEvery } from "./smallest";
import type { LayerRule } from "./rule";

/** Columns that are chosen and compensated for together. */
const BLOCK = 128;
/** Columns of them whose weights are changed one after the other; those behind, by products. With 32 or 16 it takes 5 and 10 % longer. */
const SPAN = 64;
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
  /** Changes the columns behind some that were pruned, as far as `end`, for what that did. */
  const compensate = async (errors: Float32Array, [first, last]: [number, number], end: number): Promise<void> => {
    if (last === end) return;
    const behind = cut(factor, columns, [first, last], [last, end]);
    subtract(weights, columns, await products.plain(errors, behind, out, last - first), end - last, 0, last);
  };
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
    for (let first = 0; first < width; first += SPAN) {
      const last = Math.min(width, first + SPAN);
      const span: Span = { first, last, block, width, rule, mask, errors };
      for (let row = 0; row < out; row++) {
        const at = row * columns + from;
        pruneRow(weights.subarray(at + first, at + last), row, span);
      }
      await compensate(cut(errors, width, [0, out], [first, last]), [from + first, from + last], to);
    }
    await compensate(errors, [from, to], columns);
  }
}

function scoresOf(weights: Float32Array, block: Float32Array, width: number): Float32Array {
  for (let i = 0; i < weights.length; i++) {
    const column = i % width;
    weights[i] = weights[i] ** 2 / block[column * width + column] ** 2;
  }
  return weights;
}

/** Some columns of a block, and what the block has. */
interface Span {
  /** Columns of the block. */
  readonly first: number;
  readonly last: number;
  /** `[width, width]` of the factor. */
  readonly block: Float32Array;
  readonly width: number;
  readonly rule: LayerRule;
  /** `[out, width]`: what goes; with a pattern it is chosen on the way. */
  readonly mask: BitMask;
  /** `[out, width]`: filled with what columns behind are to make up for. */
  readonly errors: Float32Array;
}

const row64 = new Float64Array(SPAN);

/** A row's weights of a span: each that goes is compensated for by those behind it. Rows do not depend on each other. */
function pruneRow(weights: Float32Array, row: number, { first, last, block, width, rule, mask, errors }: Span): void {
  const { pattern } = rule;
  const values = row64;
  values.set(weights);
  const start = row * width;
  for (let i = first; i < last; i++) {
    if (pattern !== undefined && i % pattern.of === 0) {
      const scores = new Float32Array(pattern.of);
      for (let k = 0; k < pattern.of; k++) scores[k] = values[i - first + k] ** 2 / block[(i + k) * width + i + k] ** 2;
      markSmallestOfEvery(pattern, scores, mask, start + i);
    }
    if (!mask.has(start + i)) continue;
    const error = values[i - first] / block[i * width + i];
    values[i - first] = 0;
    errors[start + i] = error;
    for (let j = i + 1, at = i * width + i + 1; j < last; j++, at++) values[j - first] -= error * block[at];
  }
  for (let i = 0; i < weights.length; i++) weights[i] = values[i];
}
