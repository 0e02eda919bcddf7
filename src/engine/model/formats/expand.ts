import { loadKernels } from "../../wasm/load-kernels";
import wasm, { type Kernels } from "./kernels/expand.wasm";
import { CODEBOOK_BYTES, writeCodebooks } from "./codebooks";
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

/** Where in the module's memory the codebooks are, behind what is read and what is written. */
const CODEBOOKS = SOURCE_BYTES + 4 * PIECE;

/** A kernel as it is called: that of a type without a codebook takes no account of one. */
type Kernel = (from: number, blocks: number, to: number, codebook: number) => 0 | 1;

interface Expander {
  readonly kernels: Kernels;
  readonly source: Uint8Array;
  readonly values: Float32Array;
  /** Where the codebooks are, by the types that have one. */
  readonly codebooks: ReadonlyMap<string, number>;
}

let expander: Expander | undefined;

/** Made for the first tensor that is read: whoever opens a model for its description needs none. */
function makeExpander(): Expander {
  const { kernels, memory } = loadKernels(wasm, CODEBOOKS + CODEBOOK_BYTES);
  return {
    kernels,
    codebooks: writeCodebooks(new Int8Array(memory.buffer), CODEBOOKS),
    source: new Uint8Array(memory.buffer, 0, SOURCE_BYTES),
    values: new Float32Array(memory.buffer, SOURCE_BYTES, PIECE),
  };
}

/** In WebAssembly, copies included, twice as fast as the same loops in JavaScript; most of what is left is writing to memory. */
function expandBlocks({ name, weights, bytes }: StoredType): Expand {
  const most = PIECE / weights;
  return (stored, count, out, at) => {
    const { kernels, source, values, codebooks } = (expander ??= makeExpander());
    const expand = kernelOf(kernels, name);
    const codebook = codebooks.get(name) ?? 0;
    const blocks = count / weights;
    let finite = true;
    for (let first = 0; first < blocks; first += most) {
      const end = Math.min(blocks, first + most);
      source.set(stored.subarray(first * bytes, end * bytes));
      if (expand(0, end - first, SOURCE_BYTES, codebook) === 0) finite = false;
      out.set(values.subarray(0, (end - first) * weights), at + first * weights);
    }
    return finite;
  };
}

/** A kernel has the name of the type that it expands. */
function kernelOf(kernels: Kernels, name: string): Kernel {
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
