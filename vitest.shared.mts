import { resolve } from "node:path";

import { viteAssembly } from "./scripts/assembly.mjs";

/** What tests need that import the engine: its kernels compiled, and, as in the packed program, TensorFlow.js's WebAssembly in a bundle of its own, beside its files. */
export const engine = {
  plugins: [viteAssembly],
  resolve: {
    alias: [{ find: /^\..*\/wasm-backend$/, replacement: resolve("dist/tensorflow/wasm-backend.cjs") }],
  },
};
