import { resolve } from "node:path";

/** As in the packed program: TensorFlow.js's WebAssembly is in a bundle of its own, beside its files. */
export const tensorflowBundle = {
  find: /^\..*\/wasm-backend$/,
  replacement: resolve("dist/tensorflow/wasm-backend.cjs"),
};
