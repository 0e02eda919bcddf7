import { loadKernels } from "../../wasm/load-kernels";
import wasm, { type Kernels } from "./kernels/expand.wasm";
import { GGML_TYPES, type StoredType } from "./stored-types";

/**
 * Reads `count` weights from the start of `source` (of float32: at a multiple of 4 bytes), writes them as float32 to `out` from `at`,
 * and returns whether all of them are finite.
 */
export type Expand = (source: Uint8Array, count: number, out: Float32Array, at: number) => boolean;

/** Weights that are expanded at a time: they are copied out of the module's memory while the cache still has them. */
const PIECE = 64 * 1024;
/** No type takes more than 2 bytes per weight, but float32. */
const SOURCE_BYTES = 2 * PIECE;

interface Expander {
  readonly kernels: Kernels;
  readonly source: Uint8Array;
  readonly values: Float32Array;
}

let expander: Expander | undefined;

/** Made for the first tensor that is read: whoever opens a model for its description needs none. */
function makeExpander(): Expander {
  const { kernels, memory } = loadKernels(wasm, SOURCE_BYTES + 4 * PIECE);
  return {
    kernels,
    source: new Uint8Array(memory.buffer, 0, SOURCE_BYTES),
    values: new Float32Array(memory.buffer, SOURCE_BYTES, PIECE),
  };
}

/** In WebAssembly, copies included, twice as fast as the same loops in JavaScript; most of what is left is writing to memory. */
function expandBlocks({ name, weights, bytes }: StoredType): Expand {
  const most = PIECE / weights;
  return (stored, count, out, at) => {
    const { kernels, source, values } = (expander ??= makeExpander());
    const expand = kernelOf(kernels, name);
    const blocks = count / weights;
    let finite = true;
    for (let first = 0; first < blocks; first += most) {
      const end = Math.min(blocks, first + most);
      source.set(stored.subarray(first * bytes, end * bytes));
      if (expand(0, end - first, SOURCE_BYTES) === 0) finite = false;
      out.set(values.subarray(0, (end - first) * weights), at + first * weights);
    }
    return finite;
  };
}

/** A kernel has the name of the type that it expands. */
function kernelOf(kernels: Kernels, name: string): Kernels[keyof Kernels] {
  if (!isKernel(kernels, name)) throw new Error(`no kernel expands ${name}`);
  return kernels[name];
}

const isKernel = (kernels: Kernels, name: string): name is keyof Kernels => name in kernels;

function expandFloat32(source: Uint8Array, count: number, out: Float32Array, at: number): boolean {
  out.set(new Float32Array(source.buffer, source.byteOffset, count), at);
  return areFinite(out, at, at + count);
}

/** Whether `values[from..to)` are all neither NaN nor infinite. */
export function areFinite(values: Float32Array, from: number, to: number): boolean {
  const count = to - from;
  const bits = new Int32Array(values.buffer, values.byteOffset + 4 * from, count);
  // an exponent of all ones, plus one, carries into the sign's place
  let carry = 0;
  // Not `for … of`: over a typed array that is ten times as slow.
  for (let i = 0; i < count; i++) carry |= (bits[i]! & 0x7f800000) + 0x00800000;
  return carry >= 0;
}

/** How each stored type becomes float32. */
export const EXPAND: Readonly<Record<string, Expand>> = Object.fromEntries(
  [...GGML_TYPES.values()].map((type) => [type.name, type.name === "F32" ? expandFloat32 : expandBlocks(type)]),
);
