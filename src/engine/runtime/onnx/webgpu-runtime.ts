import type * as ort from "onnxruntime-node";

import type { Graph } from "../../graph/graph";
import { HeldValues } from "../held-values";
import type { CompileOptions, HeldTensors, Program, Runtime, Tensor, Tensors } from "../runtime";
import { DeviceTensor } from "./device-tensors";
import { Placement, withPlacement } from "./placement";
import { serialize } from "./serialize";
import { webgpuOperations } from "./webgpu-operations";
import { createSession, failureOfRun, libraryVersion, onnxTensor, prepareLibrary, toOnnx } from "./sessions";

/** What has crossed between the process's memory and the device's so far, in bytes. */
class Traffic {
  up = 0;
  down = 0;
}

class WebGpuProgram implements Program {
  readonly #session: ort.InferenceSession;
  readonly #held: HeldValues<DeviceTensor>;
  readonly #traffic: Traffic;

  constructor(session: ort.InferenceSession, held: HeldValues<DeviceTensor>, traffic: Traffic) {
    this.#session = session;
    this.#held = held;
    this.#traffic = traffic;
  }

  async run(inputs: Tensors, outputs: Tensors): Promise<void> {
    const feeds: Record<string, ort.Tensor> = {};
    try {
      for (const [name, input] of Object.entries(inputs)) feeds[name] = await this.#fed(input);
      await this.#session.run(feeds, toOnnx(outputs));
    } catch (cause) {
      throw failureOfRun(cause, "webgpu");
    }
    for (const { data } of Object.values(outputs)) this.#traffic.down += data.byteLength;
  }

  async #fed(input: Tensor): Promise<ort.Tensor> {
    const up = (bytes: number): void => void (this.#traffic.up += bytes);
    const held = this.#held.get(input);
    if (held !== undefined) return await held.get(up);
    up(input.data.byteLength);
    return onnxTensor(input);
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

  readonly traffic = new Traffic();
  readonly #held = new HeldValues<DeviceTensor>();

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
    return new WebGpuProgram(result, this.#held, this.traffic);
  }

  hold(tensors: Tensors): HeldTensors {
    return this.#held.hold(
      tensors,
      (own) => (own.data instanceof Float32Array ? new DeviceTensor(own) : undefined),
      (held) => held.release(),
    );
  }
}
