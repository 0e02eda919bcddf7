import * as ort from "onnxruntime-node";

import { ParamscopeError } from "../../errors";
import type { Graph } from "../../graph/graph";
import type { CompileOptions, Program, Runtime, Tensor, Tensors } from "../runtime";
import { serialize } from "./serialize";

/** Only errors: warnings speak of our graphs, not of anything the user can change. */
const LOG_ERRORS = 3;

function toOnnx(tensors: Tensors): Record<string, ort.Tensor> {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, onnxTensor(tensor)]));
}

function onnxTensor({ data, shape }: Tensor): ort.Tensor {
  return data instanceof Float32Array ? new ort.Tensor("float32", data, shape) : new ort.Tensor("int64", data, shape);
}

class OnnxProgram implements Program {
  constructor(private readonly session: ort.InferenceSession) {}

  async run(inputs: Tensors, outputs: Tensors): Promise<void> {
    try {
      await this.session.run(toOnnx(inputs), toOnnx(outputs));
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause);
      if (!/alloc|memory/i.test(message)) throw cause;
      throw new ParamscopeError("ONNX Runtime ran out of memory.", "Allow the run less memory, or a smaller window.", {
        cause,
        settings: ["memory", "window"],
      });
    }
  }

  async dispose(): Promise<void> {
    await this.session.release();
  }
}

/** ONNX Runtime on the CPU. */
export class OnnxRuntime implements Runtime {
  readonly name = "onnx";
  readonly version = ort.env.versions.node ?? ort.env.versions.common;

  constructor(readonly threads: number) {
    // From 1.30 on the library reports usage to its maker, and leaves a log of that in the temporary folder, from a
    // process's first session on. What runs here is nobody else's business.
    process.env.ORT_DISABLE_TELEMETRY = "1";
  }

  async compile(graph: Graph, { keepsMemory = false }: CompileOptions = {}): Promise<Program> {
    const session = await ort.InferenceSession.create(serialize(graph), {
      intraOpNumThreads: this.threads,
      interOpNumThreads: 1,
      executionMode: "sequential",
      graphOptimizationLevel: "all",
      enableCpuMemArena: keepsMemory,
      enableMemPattern: false,
      logSeverityLevel: LOG_ERRORS,
      // Threads that wait by spinning take the processor from everything else, an editor above all: on a busy machine a run
      // took up to three times as long, and twice the processor time.
      extra: { session: { intra_op: { allow_spinning: "0" } } },
    });
    return new OnnxProgram(session);
  }
}
