import type { Graph } from "../graph/graph";

export interface Tensor {
  readonly data: Float32Array | BigInt64Array;
  readonly shape: readonly number[];
}

export interface FloatTensor extends Tensor {
  readonly data: Float32Array;
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

/** Inputs of several runs, until they are released. */
export interface HeldTensors {
  readonly tensors: Tensors;
  release(): void;
}

/** How many operations there are, how many of them the processor computes, and of what kinds those are. */
export interface OperationPlacement {
  readonly all: number;
  readonly onProcessor: number;
  readonly operations: readonly string[];
}

/** A library that computes graphs. */
export interface Runtime {
  readonly name: RuntimeName;
  /** The part of the library that computes: an execution provider of ONNX Runtime, a backend of TensorFlow.js. */
  readonly device: string;
  readonly version: string;
  readonly threads: number;
  /** Why it is not the one that was asked for, and what of the graphs so far it did not compute itself; one sentence each. */
  readonly notes: readonly string[];
  /** Where the operations of all graphs so far went, where a device may leave some to the processor and says which. */
  readonly placement?: OperationPlacement | undefined;
  compile(graph: Graph, options?: CompileOptions): Promise<Program>;
  /**
   * Tensors that go into several runs unchanged: a runtime that computes in memory of its own copies them there once. What
   * it gives stands for them among the inputs; their values must not change before it is released.
   */
  hold(tensors: Tensors): HeldTensors;
}

export const runtimeNames = ["onnx", "tensorflow"] as const;
export type RuntimeName = (typeof runtimeNames)[number];

export type TensorFlowBackend = "tfjs-node" | "wasm";

export const executionProviders = ["cpu", "webgpu", "dml", "coreml", "cuda"] as const;
export type ExecutionProvider = (typeof executionProviders)[number];

/** What a user can ask for. */
export interface RuntimeWish {
  /** undefined: ONNX Runtime, or TensorFlow.js where that cannot be loaded. */
  readonly runtime?: RuntimeName;
  /** The execution provider of ONNX Runtime; undefined: the processor. */
  readonly provider?: ExecutionProvider;
  /** A folder in which `@tensorflow/tfjs-node` is installed. */
  readonly tensorflowFolder?: string;
  /** The backend of TensorFlow.js; undefined: the native library where it is installed and works, else WebAssembly. */
  readonly backend?: TensorFlowBackend;
  readonly threads?: number;
}

export function tensor(data: Float32Array, ...shape: number[]): FloatTensor;
export function tensor(data: Tensor["data"], ...shape: number[]): Tensor;
export function tensor(data: Tensor["data"], ...shape: number[]): Tensor {
  return { data, shape };
}

/** A view of so many samples of a tensor whose first axis they are, from `first` on. */
export function sliceSamples(tensor: FloatTensor, first: number, count: number): FloatTensor;
export function sliceSamples(tensor: Tensor, first: number, count: number): Tensor;
export function sliceSamples({ data, shape: [, ...rest] }: Tensor, first: number, count: number): Tensor {
  const size = rest.reduce((a, b) => a * b, 1);
  return tensor(data.subarray(first * size, (first + count) * size), count, ...rest);
}

/** Holds tensors for as long as `use` takes. */
export async function holding(
  runtime: Runtime,
  tensors: Tensors,
  use: (held: Tensors) => Promise<void>,
): Promise<void> {
  const held = runtime.hold(tensors);
  try {
    await use(held.tensors);
  } finally {
    held.release();
  }
}
