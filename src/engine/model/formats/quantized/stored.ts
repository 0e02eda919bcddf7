import { ParamscopeError } from "../../../errors";
import type { ExpertStack } from "../../checkpoint";
import { EXPAND } from "../expand";
import { quote } from "../quote";
import type { RangeFile } from "../range-file";
import type { SafetensorsTensor } from "../safetensors-header";
import type { RowReader } from "../tensor-access";

/** A tensor as a safetensors file holds it. */
export interface StoredTensor extends SafetensorsTensor {
  readonly file: RangeFile;
}

/** All tensors that the files of a checkpoint hold, by their names there. */
export type StoredTensors = ReadonlyMap<string, StoredTensor>;

/** A dense matrix, and how its values are had from the stored tensors that make it. */
export interface Decoder {
  /** `[out, in]` */
  readonly shape: readonly number[];
  /** What it is stored as: `GPTQ 4-bit`. */
  readonly type: string;
  /** The stored tensors that make it. */
  readonly parts: readonly StoredTensor[];
  readonly read: RowReader;
  /** Where the dense model has it as a part of a tensor of all experts. */
  readonly stack?: ExpertStack;
}

/** What a checkpoint's quantized tensors come to. */
export interface Decoded {
  /** By the dense model's names: `model.layers.0.self_attn.q_proj.weight`. */
  readonly matrices: ReadonlyMap<string, Decoder>;
  /** Names of stored tensors that take no part, as scales of activations. */
  readonly unused?: readonly string[];
}

/**
 * A way of quantizing, as a checkpoint's configuration names it: finds the matrices that are stored so among the tensors.
 * @param config the configuration's `quantization_config`
 * @throws ParamscopeError naming what of it is not supported, or which tensor is missing or of another shape.
 */
export type Scheme = (config: Readonly<Record<string, unknown>>, tensors: Tensors) => Decoded | Promise<Decoded>;

const AGAIN = "The files are damaged or of different models: download all of them again.";

/** The stored tensors, with the errors of whoever looks for them. */
export class Tensors {
  constructor(
    /** The folder, for errors. */
    readonly path: string,
    /** What the way of quantizing is called. */
    readonly method: string,
    readonly all: StoredTensors,
  ) {}

  /** The modules that have a tensor of that name: of `.qweight`, `model.layers.0.self_attn.q_proj`. */
  modules(ending: string): string[] {
    return [...this.all.keys()].filter((name) => name.endsWith(ending)).map((name) => name.slice(0, -ending.length));
  }

  /** Names with one of these endings. */
  named(...endings: readonly string[]): string[] {
    return [...this.all.keys()].filter((name) => endings.some((ending) => name.endsWith(ending)));
  }

  /** @throws ParamscopeError where it is missing. */
  get(name: string): StoredTensor {
    const tensor = this.all.get(name);
    if (tensor) return tensor;
    throw new ParamscopeError(
      `${this.path} is quantized with ${this.method} and lacks the tensor ${quote(name)}, without which others cannot be read.`,
      AGAIN,
    );
  }

  find(name: string): StoredTensor | undefined {
    return this.all.get(name);
  }

  /** Something real that we do not read: refused by name. */
  unsupported(what: string): never {
    throw new ParamscopeError(
      `${this.path} is quantized with ${quote(what, 300)}, which is not supported.`,
      "Use the model as it was before it was quantized, or a GGUF file of it. docs/architectures.md lists what is read.",
    );
  }

  /** A tensor whose shape or type does not go with the others. */
  misfit({ name, shape, type }: StoredTensor, wanted: string): never {
    throw new ParamscopeError(
      `${this.path}: the tensor ${quote(name)} is ${type} of shape [${shape.join(", ")}], and by the others it should be ${wanted}.`,
      AGAIN,
    );
  }

  /** @throws ParamscopeError where the tensor is of another type or shape. */
  check(tensor: StoredTensor, types: readonly string[], shape: readonly number[]): void {
    const isSame = tensor.shape.length === shape.length && shape.every((size, i) => tensor.shape[i] === size);
    if (!isSame || !types.includes(tensor.type))
      this.misfit(tensor, `${types.join(" or ")} of shape [${shape.join(", ")}]`);
  }
}

/** Types of scales. */
export const FLOATS: readonly string[] = ["F32", "F16", "BF16"];

/** The bytes `[from, to)` of a stored tensor, in memory of their own. */
export async function readBytes(
  { file, offset, bytes }: StoredTensor,
  from = 0,
  to = bytes,
): Promise<Uint8Array<ArrayBuffer>> {
  const into = new Uint8Array(to - from);
  await file.read(into, offset + from);
  return into;
}

/** The values `[from, to)` of a tensor of F32, F16, BF16 or F8_E8M0 as float32. */
export async function readFloats(tensor: StoredTensor, from = 0, to = elements(tensor)): Promise<Float32Array> {
  const size = tensor.bytes / Math.max(1, elements(tensor));
  const bytes = await readBytes(tensor, from * size, to * size);
  if (tensor.type === "F8_E8M0") return powersOfTwo(bytes);
  const out = new Float32Array(to - from);
  EXPAND[tensor.type]?.(bytes, to - from, out, 0);
  return out;
}

/** 32-bit whole numbers; those of 64 bits are cut. */
export async function readIntegers(tensor: StoredTensor): Promise<Int32Array> {
  const { buffer } = await readBytes(tensor);
  return tensor.type === "I64" ? Int32Array.from(new BigInt64Array(buffer), Number) : new Int32Array(buffer);
}

/** Of exponents in bytes: `2^(e − 127)`, and no number for 255 (OCP Microscaling Formats, E8M0). */
export function powersOfTwo(exponents: Uint8Array): Float32Array {
  return Float32Array.from(exponents, (e) => (e === 255 ? NaN : 2 ** (e - 127)));
}

export function elements({ shape }: StoredTensor): number {
  return shape.reduce((product, size) => product * size, 1);
}
