import * as ort from "onnxruntime-node";

import { ParamscopeError } from "../../errors";
import { firstLine } from "../first-line";
import type { CompileOptions, ExecutionProvider, Tensor, Tensors } from "../runtime";

/** Only errors: warnings speak of our graphs, not of anything the user can change. Of providers not even those: they are thrown. */
const LOG_ERRORS = 3;
const LOG_FATAL = 4;

export function toOnnx(tensors: Tensors): Record<string, ort.Tensor> {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, onnxTensor(tensor)]));
}

export function onnxTensor({ data, shape }: Tensor): ort.Tensor {
  return data instanceof Float32Array ? new ort.Tensor("float32", data, shape) : new ort.Tensor("int64", data, shape);
}

/** Values that are on the device, in another shape. Whoever has the first one gives them back. */
export function deviceTensor({ gpuBuffer }: ort.Tensor, shape: readonly number[]): ort.Tensor {
  return ort.Tensor.fromGpuBuffer(gpuBuffer, { dataType: "float32", dims: [...shape] });
}

/** What the installed binary names as its execution providers; whether one works is only known when it is tried. */
export function offeredProviders(): string[] {
  return ort.listSupportedBackends().map(({ name }) => name);
}

/** Which of its binaries computes, and its version. */
export const libraryVersion = ort.env.versions.node ?? ort.env.versions.common;

/** Says what holds for a whole process, before its first session. */
export function prepareLibrary(device: ExecutionProvider): void {
  // From 1.30 on the library reports usage to its maker, and leaves a log of that in the temporary folder, from a
  // process's first session on. What runs here is nobody else's business.
  process.env.ORT_DISABLE_TELEMETRY = "1";
  if (device !== "cpu") ort.env.logLevel = "fatal";
}

/** A graph made ready on a device. @throws Error with what the library says in plain words, where it is not the processor. */
export async function createSession(
  model: Uint8Array,
  { device, threads }: { readonly device: ExecutionProvider; readonly threads: number },
  { keepsMemory = false }: CompileOptions,
  more: ort.InferenceSession.SessionOptions = {},
): Promise<ort.InferenceSession> {
  // Threads that wait by spinning take the processor from everything else, an editor above all: on a busy machine a run
  // took up to three times as long, and twice the processor time.
  const session = { intra_op: { allow_spinning: "0" } };
  try {
    return await ort.InferenceSession.create(model, {
      ...(device !== "cpu" && { executionProviders: [device, "cpu"] }),
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      executionMode: "sequential",
      graphOptimizationLevel: "all",
      enableCpuMemArena: keepsMemory,
      enableMemPattern: false,
      logSeverityLevel: device === "cpu" ? LOG_ERRORS : LOG_FATAL,
      ...more,
      extra: { session: { ...session, ...(more.extra?.session as Record<string, unknown> | undefined) } },
    });
  } catch (cause) {
    throw device === "cpu" ? cause : new Error(plainMessage(cause), { cause });
  }
}

/** What a run's failure is to whoever started it; on the processor a defect, unless memory ran out. */
export function failureOfRun(cause: unknown, device: ExecutionProvider): unknown {
  const message = cause instanceof Error ? cause.message : String(cause);
  // WebGPU gives out a buffer that there was no room for as any other, and refuses what uses it
  if (/alloc|memory|Invalid Buffer/i.test(message))
    return new ParamscopeError(
      device === "cpu" ? "ONNX Runtime ran out of memory." : `The device of ${device} ran out of memory.`,
      "Allow the run less memory, or a smaller window.",
      { cause, settings: ["memory", "window"] },
    );
  if (device === "cpu") return cause;
  return new ParamscopeError(
    `The execution provider ${device} failed (${plainMessage(cause)}).`,
    "Run on the processor.",
    { cause, settings: ["provider"] },
  );
}

/** What an error of the library says, without the place in its source and the full stop. */
function plainMessage(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  return firstLine(message)
    .replace(/^\S+\.(?:cc|cpp|h):\d+ .*? was false\. /, "")
    .replace(/\.$/, "");
}
