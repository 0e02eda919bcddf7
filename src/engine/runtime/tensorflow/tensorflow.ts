import type * as core from "@tensorflow/tfjs-core";

import type { TensorFlowBackend } from "../runtime";

/** The operations of TensorFlow.js, of whichever copy of the library was loaded. */
export type TensorFlow = typeof core;

/** TensorFlow.js, ready to compute. */
export interface LoadedTensorFlow {
  readonly tf: TensorFlow;
  /** `tfjs-node`: the native library; `wasm`: WebAssembly. */
  readonly backend: TensorFlowBackend;
  readonly version: string;
  readonly threads: number;
  /** @throws Error when something went wrong in the last run that the library did not throw. */
  check?(): void;
}
