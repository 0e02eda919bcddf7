import { ParamscopeError } from "../../errors";
import { elementAt } from "../../numbers/elements";
import { overlapping } from "./overlap";
import { quote } from "./quote";
import type { RangeFile } from "./range-file";
import { GGML_TYPES, ggmlTypeName, SUPPORTED_GGML_TYPES, type StoredType } from "./stored-types";

/**
 * Why this is not `@huggingface/gguf`, whose metadata it is (a test holds the two equal on sound files): for files that
 * lie, that parser reads zeros past the end of the file as if they were there, accepts ten million tensors from a
 * 24-byte file, and silently shortens a string that straddles one of its 2 MB chunks. It also parses a long array again
 * from the start for every chunk that it needs, and leaves local files open.
 */

/** A value of a GGUF file's metadata. */
export type GgufValue = number | bigint | boolean | string | string[] | boolean[] | NumericArray;
type NumericArray =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array
  | BigUint64Array
  | BigInt64Array;

/** A tensor as the header of a GGUF file describes it. */
export interface GgufTensor {
  readonly name: string;
  /** The shape as ggml stores it, fastest dimension first: `[in, out]`. */
  readonly dimensions: readonly number[];
  readonly type: StoredType;
  /** Where the tensor begins, in bytes from the start of the file. */
  readonly offset: number;
  readonly bytes: number;
}

export interface GgufHeader {
  readonly version: number;
  readonly metadata: ReadonlyMap<string, GgufValue>;
  /** Where in the file the value of each entry lies, its type in front of it. */
  readonly stored: ReadonlyMap<string, { readonly from: number; readonly to: number }>;
  readonly tensors: ReadonlyMap<string, GgufTensor>;
}

/** Real files have 20 to 100 entries; the largest mixture-of-experts models about 3,000 tensors. */
const MAX_ENTRIES = 10_000;
const MAX_TENSORS = 100_000;
/** Keys and tensor names: ggml itself allows 64 bytes for a tensor's name, 65,535 for a key. */
const MAX_NAME_BYTES = 65_535;
/** The longest real strings are chat templates, some tens of kilobytes. */
const MAX_STRING_BYTES = 16 * 1024 * 1024;
/** The largest real vocabularies have 262,144 tokens, and up to twice as many merges. */
const MAX_ARRAY_LENGTH = 4 * 1024 * 1024;
/** A 262,144-token vocabulary with merges is about 15 MB; this keeps a lying file from filling the memory. */
const MAX_HEADER_BYTES = 256 * 1024 * 1024;
/** GGML_MAX_DIMS */
const MAX_DIMENSIONS = 4;
/** The default is 32; a power of two (gguf.md). Larger ones serve no purpose. */
const MAX_ALIGNMENT = 65_536;

const REMEDY = "Download the file again, or convert the model again.";

/** Reads the header of a GGUF file. @throws ParamscopeError naming what in it is wrong. */
export function readGgufHeader(file: RangeFile): GgufHeader {
  const cursor = new Cursor(file);
  const refuse = (what: string): ParamscopeError => new ParamscopeError(`${file.path}: ${what}.`, REMEDY);

  if (file.size < 24 || cursor.u32() !== 0x46554747) {
    throw new ParamscopeError(`${file.path} is not a GGUF file.`, "Name a model folder or a .gguf file.");
  }
  const version = cursor.u32();
  if ((version & 0xffff) === 0) {
    throw new ParamscopeError(`${file.path} is a big-endian GGUF file.`, "Convert it to little-endian.");
  }
  if (version !== 2 && version !== 3) {
    throw new ParamscopeError(
      `${file.path} is of GGUF version ${version}; versions 2 and 3 are supported.`,
      "Convert the model again with a current llama.cpp.",
    );
  }
  const tensorCount = cursor.length("number of tensors", MAX_TENSORS, 32);
  const entryCount = cursor.length("number of metadata entries", MAX_ENTRIES, 13);

  const metadata = new Map<string, GgufValue>();
  const stored = new Map<string, { readonly from: number; readonly to: number }>();
  for (let i = 0; i < entryCount; i++) {
    const key = cursor.string("metadata key", MAX_NAME_BYTES);
    if (metadata.has(key)) throw refuse(`the metadata entry ${quote(key)} occurs twice`);
    const from = cursor.position;
    metadata.set(key, readValue(cursor, cursor.u32(), key));
    stored.set(key, { from, to: cursor.position });
  }

  const alignment = metadata.get("general.alignment") ?? 32;
  if (
    typeof alignment !== "number" ||
    !Number.isInteger(Math.log2(alignment)) ||
    alignment < 1 ||
    alignment > MAX_ALIGNMENT
  ) {
    throw refuse(`general.alignment is ${String(alignment)}, not a power of two up to ${MAX_ALIGNMENT}`);
  }

  const declared: { name: string; dimensions: number[]; type: StoredType; at: number; bytes: number }[] = [];
  const names = new Set<string>();
  for (let i = 0; i < tensorCount; i++) {
    const name = cursor.string("tensor name", MAX_NAME_BYTES);
    if (names.has(name)) throw refuse(`the tensor ${quote(name)} occurs twice`);
    names.add(name);
    const rank = cursor.u32();
    if (rank < 1 || rank > MAX_DIMENSIONS) {
      throw refuse(`the tensor ${quote(name)} has ${rank} dimensions; 1 to ${MAX_DIMENSIONS} are possible`);
    }
    const dimensions: number[] = [];
    let weights = 1;
    for (let d = 0; d < rank; d++) {
      const size = cursor.u64();
      dimensions.push(size);
      weights *= size;
      // Not even at one bit each could more weights than this be in the file.
      if (size < 1 || weights > file.size * 8) {
        throw refuse(`the tensor ${quote(name)} has the impossible shape [${dimensions.join(", ")}]`);
      }
    }
    const typeNumber = cursor.u32();
    const type = GGML_TYPES.get(typeNumber);
    if (!type) {
      throw new ParamscopeError(
        `${file.path}: the tensor ${quote(name)} has the type ${ggmlTypeName(typeNumber)}, which is not supported.`,
        `Use a file whose weights are ${SUPPORTED_GGML_TYPES}.`,
      );
    }
    const columns = elementAt(dimensions, 0);
    if (columns % type.weights !== 0) {
      throw refuse(
        `the tensor ${quote(name)} has rows of ${columns}, which ${type.name} cannot hold (blocks of ${type.weights})`,
      );
    }
    declared.push({ name, dimensions, type, at: cursor.u64(), bytes: (weights / type.weights) * type.bytes });
  }

  const start = Math.ceil(cursor.position / alignment) * alignment;
  const tensors = new Map<string, GgufTensor>();
  for (const { at, ...tensor } of declared) {
    if (at % alignment !== 0) throw refuse(`the tensor ${quote(tensor.name)} is not aligned to ${alignment} bytes`);
    const offset = start + at;
    if (offset + tensor.bytes > file.size) {
      throw new ParamscopeError(
        `${file.path} is cut off: the tensor ${quote(tensor.name)} ends at byte ${offset + tensor.bytes} of ${file.size}.`,
        "Download the file again.",
      );
    }
    tensors.set(tensor.name, { ...tensor, offset });
  }
  const overlap = overlapping(tensors.values());
  if (overlap) throw refuse(`the tensors ${quote(overlap[0].name)} and ${quote(overlap[1].name)} overlap`);
  return { version, metadata, stored, tensors };
}

/** `enum gguf_type` */
export enum GgufType {
  UINT8 = 0,
  INT8,
  UINT16,
  INT16,
  UINT32,
  INT32,
  FLOAT32,
  BOOL,
  STRING,
  ARRAY,
  UINT64,
  INT64,
  FLOAT64,
}

const ARRAYS: Partial<Record<GgufType, { bytes: number; from: (buffer: ArrayBuffer) => NumericArray }>> = {
  [GgufType.UINT8]: { bytes: 1, from: (buffer) => new Uint8Array(buffer) },
  [GgufType.INT8]: { bytes: 1, from: (buffer) => new Int8Array(buffer) },
  [GgufType.UINT16]: { bytes: 2, from: (buffer) => new Uint16Array(buffer) },
  [GgufType.INT16]: { bytes: 2, from: (buffer) => new Int16Array(buffer) },
  [GgufType.UINT32]: { bytes: 4, from: (buffer) => new Uint32Array(buffer) },
  [GgufType.INT32]: { bytes: 4, from: (buffer) => new Int32Array(buffer) },
  [GgufType.FLOAT32]: { bytes: 4, from: (buffer) => new Float32Array(buffer) },
  [GgufType.UINT64]: { bytes: 8, from: (buffer) => new BigUint64Array(buffer) },
  [GgufType.INT64]: { bytes: 8, from: (buffer) => new BigInt64Array(buffer) },
  [GgufType.FLOAT64]: { bytes: 8, from: (buffer) => new Float64Array(buffer) },
};

function readValue(cursor: Cursor, type: number, key: string): GgufValue {
  const refuse = (what: string): ParamscopeError =>
    new ParamscopeError(`${cursor.path}: the metadata entry ${quote(key)} ${what}.`, REMEDY);
  const single = (): NumericArray[number] => {
    const layout = ARRAYS[type as GgufType];
    if (!layout) throw refuse(`has the unknown type ${type}`);
    return elementAt<number | bigint>(layout.from(cursor.bytes(layout.bytes)), 0);
  };
  switch (type as GgufType) {
    case GgufType.BOOL:
      return cursor.u8() !== 0;
    case GgufType.STRING:
      return cursor.string(`metadata entry ${quote(key)}`, MAX_STRING_BYTES);
    case GgufType.ARRAY: {
      const element = cursor.u32() as GgufType;
      const layout = ARRAYS[element];
      if (!layout && element !== GgufType.STRING && element !== GgufType.BOOL) {
        throw refuse(`is an array of the unsupported type ${element}`);
      }
      const bytes = layout?.bytes ?? (element === GgufType.STRING ? 8 : 1);
      const length = cursor.length(`length of ${quote(key)}`, MAX_ARRAY_LENGTH, bytes);
      if (layout) return layout.from(cursor.bytes(length * bytes));
      if (element === GgufType.BOOL) {
        return Array.from(new Uint8Array(cursor.bytes(length)), (value) => value !== 0);
      }
      const strings: string[] = [];
      for (let i = 0; i < length; i++) strings.push(cursor.string(`entry of ${quote(key)}`, MAX_STRING_BYTES));
      return strings;
    }
    default:
      return single();
  }
}

/** Reads on from the start of a file, through a window of it. */
class Cursor {
  /** The offset of the next byte from the start of the file. */
  position = 0;
  readonly path: string;
  #window = Buffer.alloc(1024 * 1024);
  #windowStart = 0;
  #windowEnd = 0;
  readonly #file: RangeFile;

  constructor(file: RangeFile) {
    this.#file = file;
    this.path = file.path;
  }

  u8(): number {
    return this.#window.readUInt8(this.#take(1));
  }

  u32(): number {
    return this.#window.readUInt32LE(this.#take(4));
  }

  /** A 64-bit size or offset. One beyond 2^53 comes out rounded, and is refused for being out of the file. */
  u64(): number {
    const at = this.#take(8);
    return this.#window.readUInt32LE(at) + this.#window.readUInt32LE(at + 4) * 2 ** 32;
  }

  /** A 64-bit count of things of at least `bytesEach`: within its cap, and no more than the file has room for. */
  length(what: string, cap: number, bytesEach: number): number {
    const count = this.u64();
    if (count > cap || count * bytesEach > this.#file.size - this.position) {
      throw new ParamscopeError(
        `${this.path}: the ${what} is ${count}, more than ${count > cap ? `the ${cap} that a real file has` : "the file can hold"}.`,
        REMEDY,
      );
    }
    return count;
  }

  string(what: string, cap: number): string {
    const length = this.u64();
    if (length > cap) {
      throw new ParamscopeError(`${this.path}: a ${what} has ${length} bytes, more than the ${cap} allowed.`, REMEDY);
    }
    const at = this.#take(length);
    return this.#window.toString("utf8", at, at + length);
  }

  bytes(length: number): ArrayBuffer {
    const at = this.#take(length);
    const copy = new ArrayBuffer(length);
    new Uint8Array(copy).set(this.#window.subarray(at, at + length));
    return copy;
  }

  /** Where in the window the next `length` bytes are; they are passed over. */
  #take(length: number): number {
    const end = this.position + length;
    if (end > this.#windowEnd) {
      if (end > this.#file.size) {
        throw new ParamscopeError(`${this.path} is cut off within its header.`, "Download the file again.");
      }
      if (end > MAX_HEADER_BYTES) {
        throw new ParamscopeError(`${this.path}: the header is larger than ${MAX_HEADER_BYTES} bytes.`, REMEDY);
      }
      if (length > this.#window.byteLength) this.#window = Buffer.alloc(length);
      this.#windowStart = this.position;
      this.#windowEnd = Math.min(this.#file.size, this.#windowStart + this.#window.byteLength);
      this.#file.readNow(this.#window.subarray(0, this.#windowEnd - this.#windowStart), this.#windowStart);
    }
    this.position = end;
    return end - length - this.#windowStart;
  }
}
