const PAGE = 65536;
const compiled = new Map<Uint8Array, WebAssembly.Module>();

/**
 * A module of a `kernels/` folder, compiled once, with memory of its own.
 * @param bytes of memory, at least
 */
export function loadKernels<Kernels>(
  wasm: Uint8Array<ArrayBuffer>,
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
