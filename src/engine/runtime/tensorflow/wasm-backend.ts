/*
 * TensorFlow.js with its WebAssembly backend. The build makes a bundle of its own of this file, dist/tensorflow/wasm-backend.cjs,
 * beside the WebAssembly: what does not run it does not load it either.
 */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";

import * as tf from "@tensorflow/tfjs-core";
import { BackendWasm, setThreadsCount } from "@tensorflow/tfjs-backend-wasm";

import type { LoadedTensorFlow } from "./tensorflow";
import { registerProducts, type WasmModule } from "./wasm-products";

/** What Emscripten's glue code takes; `threads` and `cores` are ours (esbuild.mjs puts them in). */
interface FactoryOptions {
  readonly wasmBinary: Uint8Array;
  readonly mainScriptUrlOrBlob: string;
  readonly locateFile: (name: string) => string;
  readonly print: (text: string) => void;
  readonly printErr: (text: string) => void;
  readonly workers: number;
  readonly logicalCores: number;
}

const FILE = "tfjs-backend-wasm-threaded-simd";
/** The most that the library takes. */
const MOST_THREADS = 8;

/** The library's own state is one for the process too. */
let loading: Promise<WasmModule> | undefined;

/**
 * Makes the backend ready, once per process.
 * @throws Error where a file is missing, or the processor has no SIMD
 */
export async function loadWasm(threads: number): Promise<LoadedTensorFlow> {
  loading ??= loadBackend(Math.min(threads, MOST_THREADS));
  const wasm = await loading;
  return {
    tf,
    backend: "wasm",
    version: tf.version_core,
    threads: wasm.tfjs.getThreadsCount(),
    // where memory is short the library only complains, and leaves what it should have computed as it was
    check: () => {
      const [complaint] = wasm.complaints.splice(0);
      if (complaint !== undefined) throw new Error(complaint);
    },
  };
}

async function loadBackend(threads: number): Promise<WasmModule> {
  const module = await loadModule(threads);
  setThreadsCount(threads);
  // The library's own would look for its files elsewhere, and has no threads in Node.js.
  tf.removeBackend("wasm");
  tf.registerBackend("wasm", () => new BackendWasm(module as never));
  registerProducts(module);
  if (!(await tf.setBackend("wasm"))) throw new Error("the backend cannot be set up");
  return module;
}

async function loadModule(threads: number): Promise<WasmModule> {
  const complaints: string[] = [];
  const file = (name: string): string => join(__dirname, name);
  const factory = createRequire(__filename)(file(`${FILE}.js`)) as (options: FactoryOptions) => Promise<WasmModule>;
  const before = processListeners();
  const module = await factory({
    wasmBinary: await readFile(file(`${FILE}.wasm`)),
    mainScriptUrlOrBlob: file(`${FILE}.js`),
    locateFile: file,
    print: () => undefined,
    printErr: (text) => complaints.push(text),
    workers: Math.max(1, threads - 1),
    // the library takes half of them
    logicalCores: 2 * threads,
  });
  // Emscripten's listeners would make a stack trace of every failure.
  for (const [event, listeners] of processListeners())
    for (const listener of listeners) if (!before.get(event)?.has(listener)) process.removeListener(event, listener);
  for (const worker of module.PThread.unusedWorkers) worker.unref();

  const number = "number";
  const malloc = module._malloc.bind(module);
  return Object.assign(module, {
    complaints,
    tfjs: {
      init: module.cwrap("init", null, []),
      initWithThreadsCount: module.cwrap("init_with_threads_count", null, [number]),
      getThreadsCount: module.cwrap("get_threads_count", number, []),
      registerTensor: module.cwrap("register_tensor", null, [number, number, number]),
      disposeData: module.cwrap("dispose_data", null, [number]),
      dispose: module.cwrap("dispose", null, []),
    },
    // The library writes to address 0 what there was no memory for.
    _malloc: (bytes: number): number => {
      const address = malloc(bytes);
      if (address === 0 && bytes > 0) throw new Error(`WebAssembly is out of memory: ${bytes} bytes were asked for`);
      return address;
    },
  });
}

type Listener = (...values: unknown[]) => void;

function processListeners(): Map<string, Set<Listener>> {
  const events = ["uncaughtException", "unhandledRejection"];
  return new Map(events.map((event) => [event, new Set(process.rawListeners(event) as Listener[])]));
}
