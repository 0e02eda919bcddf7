import type { RuntimeWish } from "../../../src/engine/runtime/runtime";

/** A folder in which tfjs-node is installed: test/tfjs-node/build.sh makes one. */
export const tfjsNodeFolder = process.env.TFJS_NODE;

/** Where there is something that WebGPU computes on, and WEBGPU says so. */
export const webgpu: RuntimeWish | undefined = process.env.WEBGPU ? { provider: "webgpu", threads: 2 } : undefined;

const wasm: RuntimeWish = { runtime: "tensorflow", backend: "wasm", threads: 2 };
const native: RuntimeWish = {
  runtime: "tensorflow",
  backend: "tfjs-node",
  tensorflowFolder: tfjsNodeFolder,
  threads: 2,
};

/** TensorFlow.js by what computes; of the native library only where it is there. */
export const tensorflows: readonly (readonly [string, RuntimeWish])[] = [
  ["TensorFlow.js with WebAssembly", wasm],
  ...(tfjsNodeFolder === undefined ? [] : [["TensorFlow.js with tfjs-node", native] as const]),
];

export const allRuntimes: readonly (readonly [string, RuntimeWish])[] = [
  ["ONNX Runtime", {}],
  ...(webgpu === undefined ? [] : [["ONNX Runtime with WebGPU", webgpu] as const]),
  ...tensorflows,
];
