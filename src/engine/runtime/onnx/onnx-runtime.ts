import * as ort from "onnxruntime-node";

import { ParamscopeError } from "../../errors";
import type { Graph } from "../../graph/graph";
import type { CompileOptions, ExecutionProvider, HeldTensors, Program, Runtime, Tensor, Tensors } from "../runtime";
import { firstLine } from "../first-line";
import { serialize, WRITTEN } from "./serialize";

/** Only errors: warnings speak of our graphs, not of anything the user can change. Of providers not even those: they are thrown. */
const LOG_ERRORS = 3;
const LOG_FATAL = 4;

function toOnnx(tensors: Tensors): Record<string, ort.Tensor> {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, onnxTensor(tensor)]));
}

function onnxTensor({ data, shape }: Tensor): ort.Tensor {
  return data instanceof Float32Array ? new ort.Tensor("float32", data, shape) : new ort.Tensor("int64", data, shape);
}

class OnnxProgram implements Program {
  readonly #session: ort.InferenceSession;
  readonly #provider: ExecutionProvider;

  constructor(session: ort.InferenceSession, provider: ExecutionProvider) {
    this.#session = session;
    this.#provider = provider;
  }

  async run(inputs: Tensors, outputs: Tensors): Promise<void> {
    try {
      await runInto(this.#session, toOnnx(inputs), toOnnx(outputs));
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause);
      if (/alloc|memory/i.test(message))
        throw new ParamscopeError(
          this.#provider === "cpu"
            ? "ONNX Runtime ran out of memory."
            : `The device of ${this.#provider} ran out of memory.`,
          "Allow the run less memory, or a smaller window.",
          { cause, settings: ["memory", "window"] },
        );
      if (this.#provider === "cpu") throw cause;
      throw new ParamscopeError(
        `The execution provider ${this.#provider} failed: ${plainMessage(cause)}.`,
        "Run on the processor.",
        { cause, settings: ["provider"] },
      );
    }
  }

  async dispose(): Promise<void> {
    await this.#session.release();
  }
}

/**
 * Runs without what comes after: the binding hands every output back once more, in fresh memory, though it was computed into the
 * caller's array. It does so one after the other and fails at the first that is no tensor, which is why the first is none: when it
 * fails there, all has been computed. Measured, the product of a tile of gradients: 0.40 ns per value instead of 1.25.
 */
async function runInto(
  session: ort.InferenceSession,
  inputs: Record<string, ort.Tensor>,
  outputs: Record<string, ort.Tensor>,
): Promise<void> {
  try {
    await session.run(inputs, { [WRITTEN]: null, ...outputs });
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith("Non tensor type"))) throw error;
  }
}

/** What the installed binary names as its execution providers; whether one works is only known when it is tried. */
export function offeredProviders(): string[] {
  return ort.listSupportedBackends().map(({ name }) => name);
}

/** What an error of the library says, without the place in its source and the full stop. */
function plainMessage(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  return firstLine(message)
    .replace(/^\S+\.(?:cc|cpp|h):\d+ .*? was false\. /, "")
    .replace(/\.$/, "");
}

/** ONNX Runtime, on the processor or with another execution provider. */
export class OnnxRuntime implements Runtime {
  readonly name = "onnx";
  readonly version = ort.env.versions.node ?? ort.env.versions.common;
  readonly notes: readonly string[];

  constructor(
    readonly threads: number,
    readonly device: ExecutionProvider = "cpu",
    notes: readonly string[] = [],
  ) {
    this.notes = notes;
    // From 1.30 on the library reports usage to its maker, and leaves a log of that in the temporary folder, from a
    // process's first session on. What runs here is nobody else's business.
    process.env.ORT_DISABLE_TELEMETRY = "1";
    if (device !== "cpu") ort.env.logLevel = "fatal";
  }

  async compile(graph: Graph, { keepsMemory = false }: CompileOptions = {}): Promise<Program> {
    const session = await this.#session(serialize(graph), {
      ...(this.device !== "cpu" && { executionProviders: [this.device, "cpu"] }),
      intraOpNumThreads: this.threads,
      interOpNumThreads: 1,
      executionMode: "sequential",
      graphOptimizationLevel: "all",
      enableCpuMemArena: keepsMemory,
      enableMemPattern: false,
      logSeverityLevel: this.device === "cpu" ? LOG_ERRORS : LOG_FATAL,
      // Threads that wait by spinning take the processor from everything else, an editor above all: on a busy machine a run
      // took up to three times as long, and twice the processor time.
      extra: { session: { intra_op: { allow_spinning: "0" } } },
    });
    return new OnnxProgram(session, this.device);
  }

  async #session(model: Uint8Array, options: ort.InferenceSession.SessionOptions): Promise<ort.InferenceSession> {
    try {
      return await ort.InferenceSession.create(model, options);
    } catch (cause) {
      throw this.device === "cpu" ? cause : new Error(plainMessage(cause), { cause });
    }
  }

  /** It computes in the process's own memory; a device's tensors cannot be held in Node.js. */
  hold(tensors: Tensors): HeldTensors {
    return { tensors, release: () => undefined };
  }
}
