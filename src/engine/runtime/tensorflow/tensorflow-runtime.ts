import { setImmediate } from "node:timers/promises";

import type { Tensor as Value } from "@tensorflow/tfjs-core";

import { ParamscopeError } from "../../errors";
import type { Graph } from "../../graph/graph";
import { firstLine } from "../first-line";
import type { HeldTensors, Program, Runtime, Tensor, Tensors } from "../runtime";
import { HeldValues } from "../held-values";
import { interpret, stepsOf, type Steps } from "./interpret";
import type { LoadedTensorFlow, TensorFlow } from "./tensorflow";

/** What the library calls them. */
const BACKENDS = { "tfjs-node": "tensorflow", wasm: "wasm" };

function upload(tf: TensorFlow, { data, shape }: Tensor): Value {
  return data instanceof Float32Array
    ? tf.tensor(data, [...shape], "float32")
    : tf.tensor(Int32Array.from(data, Number), [...shape], "int32");
}

class TensorFlowProgram implements Program {
  readonly #loaded: LoadedTensorFlow;
  readonly #steps: Steps;
  readonly #held: HeldValues<Value>;

  constructor(loaded: LoadedTensorFlow, graph: Graph, held: HeldValues<Value>) {
    this.#loaded = loaded;
    this.#steps = stepsOf(graph);
    this.#held = held;
  }

  async run(inputs: Tensors, outputs: Tensors): Promise<void> {
    // An operation keeps the thread: between two runs there is time for a cancellation.
    await setImmediate();
    const { tf, backend } = this.#loaded;
    // Copies of the library in one process share one engine.
    if (tf.getBackend() !== BACKENDS[backend]) await tf.setBackend(BACKENDS[backend]);
    try {
      tf.tidy(() => {
        const values = new Map<string, Value>();
        for (const [name, input] of Object.entries(inputs))
          values.set(name, this.#held.get(input) ?? upload(tf, input));
        interpret(tf, this.#steps, values, (name, value) => {
          const data = outputs[name]?.data;
          if (data?.length !== value.size) throw new Error(`'${name}' has ${value.size} values, not ${data?.length}`);
          (data as Float32Array).set(value.dataSync<"float32">());
        });
      });
      this.#loaded.check?.();
    } catch (cause) {
      throw failure(cause);
    }
  }

  async dispose(): Promise<void> {
    // Nothing outlives a run.
  }
}

function failure(cause: unknown): Error {
  const message = cause instanceof Error ? cause.message : String(cause);
  if (/out of memory|OOM|alloc|memory access out of bounds/i.test(message))
    return new ParamscopeError("TensorFlow.js ran out of memory.", "Allow the run less memory, or a smaller window.", {
      cause,
      settings: ["memory", "window"],
    });
  return new ParamscopeError(
    `TensorFlow.js failed: ${firstLine(message)}`,
    "Take ONNX Runtime, or report it with what doctor says.",
    { cause, settings: ["runtime"] },
  );
}

/** TensorFlow.js: interprets graphs with its operations, one by one. */
export class TensorFlowRuntime implements Runtime {
  readonly name = "tensorflow";
  readonly device: string;
  readonly version: string;
  readonly threads: number;
  readonly notes: readonly string[];
  readonly #loaded: LoadedTensorFlow;
  readonly #held = new HeldValues<Value>();

  constructor(loaded: LoadedTensorFlow, notes: readonly string[] = []) {
    this.notes = notes;
    this.#loaded = loaded;
    this.device = loaded.backend;
    this.version = loaded.version;
    this.threads = loaded.threads;
  }

  compile(graph: Graph): Promise<Program> {
    return Promise.resolve(new TensorFlowProgram(this.#loaded, graph, this.#held));
  }

  hold(tensors: Tensors): HeldTensors {
    return this.#held.hold(
      tensors,
      (own) => upload(this.#loaded.tf, own),
      (value) => value.dispose(),
    );
  }
}
