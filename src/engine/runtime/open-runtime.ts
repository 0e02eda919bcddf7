import { availableParallelism } from "node:os";

import { ParamscopeError } from "../errors";
import type * as onnxModule from "./onnx/onnx-runtimes";
import type { ExecutionProvider, Runtime, RuntimeWish } from "./runtime";
import { FallingBackRuntime } from "./falling-back";
import { firstLine } from "./first-line";
import { selfCheck, TOLERANCE } from "./self-check";
import { findNodeBackend, loadNodeBackend } from "./tensorflow/load-node-backend";
import type { LoadedTensorFlow } from "./tensorflow/tensorflow";
import { TensorFlowRuntime } from "./tensorflow/tensorflow-runtime";

/** How a note ends that says why another execution provider did not run. */
export const onProcessor = ": the run was on the processor.";

/** Loaded when it is needed, and known only where it can be loaded. */
type OnnxModule = typeof onnxModule;

/**
 * The runtime that was asked for, or the one that works: ONNX Runtime on the processor, without a wish; where that cannot be
 * loaded TensorFlow.js; of TensorFlow.js the native library where it is installed, else WebAssembly. What computes elsewhere
 * than in ONNX Runtime on the processor has passed a check; where a device fails later, the processor goes on. Its notes say why it is not what was asked for.
 * @throws ParamscopeError where nothing works, or ONNX Runtime was asked for by name and does not
 */
export async function openRuntime(wish: RuntimeWish = {}): Promise<Runtime> {
  const threads = wish.threads ?? availableParallelism();
  if (wish.runtime === "tensorflow") {
    const ignored =
      wish.provider === undefined || wish.provider === "cpu"
        ? []
        : [`The execution provider ${wish.provider} is one of ONNX Runtime: TensorFlow.js ran on the processor.`];
    return await openTensorFlow(threads, wish, ignored);
  }
  let onnx: OnnxModule;
  try {
    onnx = await import("./onnx/onnx-runtimes");
  } catch (cause) {
    const reason = `ONNX Runtime could not be loaded (${reasonOf(cause)})`;
    if (wish.runtime === "onnx")
      throw new ParamscopeError(`${reason}.`, "Take the runtime tensorflow.", { cause, settings: ["runtime"] });
    return await openTensorFlow(threads, wish, [`${reason}: TensorFlow.js ran instead.`]);
  }
  return await openOnnx(onnx, threads, wish.provider ?? "cpu");
}

async function openOnnx(
  { OnnxRuntime: Onnx, WebGpuRuntime: WebGpu, offeredProviders }: OnnxModule,
  threads: number,
  provider: ExecutionProvider,
): Promise<Runtime> {
  if (provider === "cpu") return new Onnx(threads);
  const onCpu = (why: string): Runtime =>
    new Onnx(threads, "cpu", [`The execution provider ${provider} ${why}${onProcessor}`]);
  const offered = offeredProviders();
  if (!offered.includes(provider)) return onCpu(`is not in this ONNX Runtime, which has ${offered.join(", ")}`);
  const runtime = provider === "webgpu" ? new WebGpu(threads) : new Onnx(threads, provider);
  const failure = await failureOf(runtime);
  return failure === undefined ? new FallingBackRuntime(runtime, () => new Onnx(threads)) : onCpu(failure);
}

/** What is wrong with a runtime, as the end of a sentence about it; undefined: nothing. */
async function failureOf(runtime: Runtime): Promise<string | undefined> {
  try {
    const difference = await selfCheck(runtime);
    return difference > TOLERANCE ? `computes wrongly (its check is off by ${difference.toExponential(1)})` : undefined;
  } catch (error) {
    return `does not work here (${reasonOf(error)})`;
  }
}

/** @throws ParamscopeError where not even WebAssembly works, or the backend that was asked for by name does not */
async function openTensorFlow(
  threads: number,
  { tensorflowFolder: folder, backend, threads: wished }: RuntimeWish,
  notes: readonly string[] = [],
): Promise<TensorFlowRuntime> {
  const all = [...notes];
  const path = backend === "wasm" ? undefined : findNodeBackend(folder);
  if (path !== undefined) {
    const native = await tryNode(path, threads);
    if (typeof native !== "string") return new TensorFlowRuntime(native, all);
    if (backend === "tfjs-node") throw new ParamscopeError(`tfjs-node in ${path} ${native}.`);
    all.push(`tfjs-node in ${path} ${native}: TensorFlow.js ran with WebAssembly.`);
  } else if (backend === "tfjs-node") {
    throw new ParamscopeError("tfjs-node is not installed.");
  } else if (folder !== undefined && backend === undefined) {
    all.push(`There is no tfjs-node in ${folder}: TensorFlow.js ran with WebAssembly.`);
  }
  // Its threads wait by spinning: with one for every core a run took ten times as long on a busy machine as with one in all.
  return new TensorFlowRuntime(await openWasm(wished ?? Math.max(1, threads - 1)), all);
}

/** The native library, or what is wrong with it. */
async function tryNode(path: string, threads: number): Promise<LoadedTensorFlow | string> {
  try {
    const loaded = loadNodeBackend(path, threads);
    return (await failureOf(new TensorFlowRuntime(loaded))) ?? loaded;
  } catch (error) {
    return `could not be loaded (${reasonOf(error)})`;
  }
}

/** @throws ParamscopeError where its files are missing, or it computes wrongly */
async function openWasm(threads: number): Promise<LoadedTensorFlow> {
  let failure: string | undefined;
  try {
    const { loadWasm } = await import("./tensorflow/wasm-backend");
    const loaded = await loadWasm(threads);
    failure = await failureOf(new TensorFlowRuntime(loaded));
    if (failure === undefined) return loaded;
  } catch (cause) {
    throw new ParamscopeError(
      `TensorFlow.js with WebAssembly could not be loaded (${reasonOf(cause)}).`,
      "Install Paramscope again.",
      { cause },
    );
  }
  throw new ParamscopeError(`TensorFlow.js with WebAssembly ${failure}.`, "Report it with what doctor says.");
}

/** The first line of an error's message, without the list of modules that were on the way to it. */
function reasonOf(error: unknown): string {
  const { cause, message } = error instanceof Error ? error : { cause: undefined, message: String(error) };
  const said = cause instanceof Error && error instanceof ParamscopeError ? cause.message : message;
  return firstLine(said).replace(/[.:]$/, "");
}
