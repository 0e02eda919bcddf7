const PAGE = 65536;
const compiled = new Map<Uint8Array, WebAssembly.Module>();

/** The bytes of a WebAssembly module that exports `Kernels`, functions of numbers, and imports its memory. */
export interface KernelBytes<Kernels> extends Uint8Array<ArrayBuffer> {
  /** Never there: it carries the type. */
  readonly exports?: Kernels;
}

/**
 * A module of a `kernels/` folder, compiled once, with memory of its own.
 * @param bytes of memory, at least
 */
export function loadKernels<Kernels>(
  wasm: KernelBytes<Kernels>,
  bytes: number,
): { readonly kernels: Kernels; readonly memory: WebAssembly.Memory } {
  let module = compiled.get(wasm);
  if (module === undefined) compiled.set(wasm, (module = new WebAssembly.Module(wasm)));
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE) });
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  return { kernels: exports as Kernels, memory };
}

/** Lets the memory grow to so many bytes; its buffer is another one afterwards, if it did. */
export function growTo(memory: WebAssembly.Memory, bytes: number): void {
  const missing = bytes - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
}
