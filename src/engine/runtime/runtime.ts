import type { Graph } from "../graph/graph";

export interface Tensor {
  readonly data: Float32Array | BigInt64Array;
  readonly shape: readonly number[];
}

export type Tensors = Readonly<Record<string, Tensor>>;

/** A graph made ready to run; runs one at a time. */
export interface Program {
  /** Computes the outputs into the tensors given, which must have the right size. */
  run(inputs: Tensors, outputs: Tensors): Promise<void>;
  dispose(): Promise<void>;
}

export interface CompileOptions {
  /**
   * The tensors in between keep their memory from run to run. For programs that run hundreds of times with tensors of about
   * the same size; of others it would hold more than they need.
   */
  readonly keepsMemory?: boolean;
}

/** With what graphs are computed. */
export interface Runtime {
  readonly name: "onnx" | "tensorflow";
  readonly version: string;
  readonly threads: number;
  compile(graph: Graph, options?: CompileOptions): Promise<Program>;
}

export function tensor(data: Float32Array | BigInt64Array, ...shape: number[]): Tensor {
  return { data, shape };
}
