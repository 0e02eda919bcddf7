import { resolve } from "node:path";

import { viteKernels } from "./scripts/kernels.mjs";

/** What tests need that import the engine: its kernels compiled, and, as in the packed program, TensorFlow.js's WebAssembly in a bundle of its own, beside its files. */
export const engine = {
  plugins: [viteKernels],
  resolve: {
    alias: [{ find: /^\..*\/wasm-backend$/, replacement: resolve("dist/tensorflow/wasm-backend.cjs") }],
  },
};
