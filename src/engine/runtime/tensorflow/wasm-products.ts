import * as tf from "@tensorflow/tfjs-core";

import { axisSize } from "../../graph/graph";

/** What Emscripten makes of the library, and what TensorFlow.js puts into it. */
export interface WasmModule {
  cwrap<Result extends "number" | null>(
    name: string,
    result: Result,
    parameters: readonly string[],
  ): (...values: (number | boolean | Uint8Array)[]) => Result extends "number" ? number : void;
  _malloc(bytes: number): number;
  readonly PThread: { readonly unusedWorkers: readonly { unref(): void }[] };
  readonly tfjs: {
    registerTensor(id: number, size: number, address: number): void;
    disposeData(id: number): void;
    getThreadsCount(): number;
  };
  /** What the library has written on its standard error. */
  readonly complaints: string[];
}

/** What of the backend its kernels use. */
interface WasmBackend {
  dataIdNextNumber: number;
  getMemoryOffset(data: object): number;
  makeOutput(shape: readonly number[], type: "float32"): tf.TensorInfo;
  disposeData(data: object): boolean;
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((size, dim) => size * dim, 1);

/**
 * Puts a kernel in the place of the library's own for products of matrices, which is fast for two plain matrices only and
 * else a loop at a tenth of the speed: transposes what is to be transposed, and multiplies matrix by matrix, in place.
 */
export function registerProducts(module: WasmModule): void {
  const number = "number";
  const multiply = module.cwrap(tf.BatchMatMul, null, [
    ...[number, "array", number],
    ...[number, "array", number],
    ...[number, number, number],
  ]);
  tf.unregisterKernel(tf.BatchMatMul, "wasm");
  tf.registerKernel({
    kernelName: tf.BatchMatMul,
    backendName: "wasm",
    kernelFunc: ({ inputs, backend, attrs }) => {
      const wasm = backend as WasmBackend;
      const made: tf.TensorInfo[] = [];
      const plain = (matrices: tf.TensorInfo, transposed: unknown): tf.TensorInfo => {
        if (!transposed) return matrices;
        const turned = transposedMatrices(matrices, backend);
        made.push(turned);
        return turned;
      };
      const given = inputs as Readonly<Record<"a" | "b", tf.TensorInfo>>;
      const a = plain(given.a, attrs?.transposeA);
      const b = plain(given.b, attrs?.transposeB);
      const [outerA, outerB] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
      const outer = tf.broadcast_util.assertAndGetBroadcastShape(outerA, outerB);
      const [rows, inner] = [axisSize(a.shape, -2), axisSize(a.shape, -1)];
      const [height, columns] = [axisSize(b.shape, -2), axisSize(b.shape, -1)];
      if (inner !== height) throw new Error(`matmul: [${a.shape.join(", ")}] by [${b.shape.join(", ")}]`);
      const output = wasm.makeOutput([...outer, rows, columns], "float32");

      /** Registers one matrix of a tensor as a tensor of its own, on the same memory. */
      const views: number[] = [];
      const view = (of: tf.TensorInfo, index: number, size: number): number => {
        const id = wasm.dataIdNextNumber++;
        module.tfjs.registerTensor(id, size, wasm.getMemoryOffset(of.dataId) + 4 * size * index);
        views.push(id);
        return id;
      };
      const shapeOf = (...shape: number[]): Uint8Array => new Uint8Array(Int32Array.from(shape).buffer);
      const [countA, countB] = [sizeOf(outerA), sizeOf(outerB)];
      const count = sizeOf(outer);
      for (let i = 0; i < count; i++) {
        multiply(
          view(a, indexIn(outerA, outer, i, countA, count), rows * inner),
          shapeOf(1, rows, inner),
          3,
          view(b, indexIn(outerB, outer, i, countB, count), inner * columns),
          shapeOf(1, inner, columns),
          3,
          false,
          false,
          view(output, i, rows * columns),
        );
        // with them goes what the library keeps of the second matrix
        for (const id of views.splice(0)) module.tfjs.disposeData(id);
      }
      for (const { dataId } of made) wasm.disposeData(dataId);
      return output;
    },
  });
}

/** Which matrix of a tensor is meant by number `i` of those that it is broadcast to. */
function indexIn(
  own: readonly number[],
  all: readonly number[],
  i: number,
  ownCount: number,
  allCount: number,
): number {
  if (ownCount === allCount) return i;
  if (ownCount === 1) return 0;
  let index = 0;
  let stride = 1;
  let left = i;
  for (let axis = -1; axis >= -own.length; axis--) {
    const [ownSize, size] = [axisSize(own, axis), axisSize(all, axis)];
    if (ownSize !== 1) index += (left % size) * stride;
    left = Math.floor(left / size);
    stride *= ownSize;
  }
  return index;
}

function transposedMatrices(x: tf.TensorInfo, backend: object): tf.TensorInfo {
  const kernel = tf.getKernel(tf.Transpose, "wasm");
  const last = x.shape.length - 1;
  const perm = x.shape.map((_, axis) => (axis < last - 1 ? axis : axis === last ? last - 1 : last));
  return kernel.kernelFunc({ inputs: { x }, backend, attrs: { perm } }) as tf.TensorInfo;
}
