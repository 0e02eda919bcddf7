import { afterAll, describe, expect, test } from "vitest";
import { inverseFactor } from "../../../src/engine/prune/inverse-factor";
import { Products } from "../../../src/engine/prune/products";
import { randomNumbers } from "../../../src/engine/numbers/random";
import { OnnxRuntime } from "../../../src/engine/runtime/onnx/onnx-runtime";
import { Profiler } from "../../../src/engine/sweep/profiler";

const products = new Products(new OnnxRuntime(1), new Profiler());

afterAll(async () => {
  await products.dispose();
});

/** `A Aᵀ / size` and something on the diagonal: symmetric, positive definite. */
function positiveDefinite(size: number): Float32Array {
  const next = randomNumbers(size);
  const a = Float64Array.from({ length: size * size }, () => next() - 0.5);
  const matrix = new Float32Array(size * size);
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= i; j++) {
      let sum = i === j ? 0.01 : 0;
      for (let k = 0; k < size; k++) sum += (a[i * size + k] * a[j * size + k]) / size;
      matrix[i * size + j] = matrix[j * size + i] = sum;
    }
  return matrix;
}

describe("the factor of an inverse", () => {
  test.each([1, 5, 128, 129, 300])("of size %d is upper triangular, and H UᵀU is the identity", async (size) => {
    const hessian = positiveDefinite(size);
    const factor = await inverseFactor(hessian.slice(), size, products);
    for (let i = 0; i < size; i++) {
      expect(factor[i * size + i]).toBeGreaterThan(0);
      for (let j = 0; j < i; j++) expect(factor[i * size + j]).toBe(0);
    }
    const inverse = new Float64Array(size * size);
    for (let k = 0; k < size; k++)
      for (let i = k; i < size; i++)
        for (let j = k; j < size; j++) inverse[i * size + j] += factor[k * size + i] * factor[k * size + j];
    let worst = 0;
    for (let i = 0; i < size; i++)
      for (let j = 0; j < size; j++) {
        let sum = 0;
        for (let k = 0; k < size; k++) sum += hessian[i * size + k] * inverse[k * size + j];
        worst = Math.max(worst, Math.abs(sum - (i === j ? 1 : 0)));
      }
    expect(worst).toBeLessThan(2e-3);
  });

  test("of a matrix that is not positive definite is refused", async () => {
    await expect(inverseFactor(Float32Array.of(1, 2, 2, 1), 2, products)).rejects.toThrow("not positive definite");
  });
});
