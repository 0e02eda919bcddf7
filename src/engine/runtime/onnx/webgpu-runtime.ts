import type * as ort from "onnxruntime-node";

import type { Graph } from "../../graph/graph";
import type { CompileOptions, HeldTensors, Program, Runtime, Tensors } from "../runtime";
import { Placement, withPlacement } from "./placement";
import { serialize } from "./serialize";
import { webgpuOperations } from "./webgpu-operations";
import { createSession, failureOfRun, libraryVersion, prepareLibrary, toOnnx } from "./sessions";

class WebGpuProgram implements Program {
  readonly #session: ort.InferenceSession;

  constructor(session: ort.InferenceSession) {
    this.#session = session;
  }

  async run(inputs: Tensors, outputs: Tensors): Promise<void> {
    try {
      await this.#session.run(toOnnx(inputs), toOnnx(outputs));
    } catch (cause) {
      throw failureOfRun(cause, "webgpu");
    }
  }

  async dispose(): Promise<void> {
    await this.#session.release();
  }
}

/** ONNX Runtime's execution provider WebGPU. It says what it left to the processor, which it does without a word. */
export class WebGpuRuntime implements Runtime {
  readonly name = "onnx";
  readonly device = "webgpu";
  readonly version = libraryVersion;
  /** Where the operations of all graphs so far went. */
  readonly placement = new Placement();

  constructor(readonly threads: number) {
    prepareLibrary(this.device);
  }

  get notes(): readonly string[] {
    const { all, onProcessor, operations } = this.placement;
    if (onProcessor === 0) return [];
    return [
      `The execution provider webgpu left ${onProcessor} of ${all} operations to the processor (${operations.join(", ")}), and values crossed for each: a run on the processor alone may be faster.`,
    ];
  }

  async compile(graph: Graph, options: CompileOptions = {}): Promise<Program> {
    const { result, nodes } = await withPlacement((path) =>
      createSession(serialize(graph, webgpuOperations), this, options, {
        optimizedModelFilePath: path,
        extra: { session: { save_model_format: "ORT" } },
      }),
    );
    this.placement.add(nodes);
    return new WebGpuProgram(result);
  }

  hold(tensors: Tensors): HeldTensors {
    return { tensors, release: () => undefined };
  }
}
