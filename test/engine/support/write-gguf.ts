import { GGML_TYPES } from "../../../src/engine/model/formats/stored-types";

/** What a test puts into a GGUF file's metadata: whole numbers are unsigned integers, arrays of numbers of the type that llama.cpp wants of them. */
export type GgufEntries = Readonly<
  Record<string, string | number | boolean | readonly string[] | readonly number[] | readonly boolean[]>
>;

/** A tensor of float32, or of another type as it is stored. */
export interface GgufWeights {
  readonly name: string;
  /** As Hugging Face has it: `[out, in]`. */
  readonly shape: readonly number[];
  readonly values: Float32Array | { readonly type: string; readonly bytes: Uint8Array };
}

const [UINT32, INT32, FLOAT32, BOOL, STRING, ARRAY] = [4, 5, 6, 7, 8, 9];
/** ggml's number of a type. */
const numberOf = (type: string): number => [...GGML_TYPES].find(([, { name }]) => name === type)?.[0] ?? NaN;
const ALIGNMENT = 32;

/** Entries that llama.cpp wants as floats, of which some are whole numbers here. */
const FLOATS =
  /(freq_base(_swa)?|_epsilon|scale|factor|factors|softcapping|alibi_bias|clamp_kqv|beta_(fast|slow)|multiplier|scores)$|^xielu\./;

/** The bytes of a GGUF file (version 3) with this metadata. llama.cpp opens one without tensors for its vocabulary. */
export function ggufFile(entries: GgufEntries, tensors: readonly GgufWeights[] = []): Buffer {
  const parts: Buffer[] = [Buffer.from("GGUF"), u32(3), u64(tensors.length), u64(Object.keys(entries).length)];
  for (const [key, value] of Object.entries(entries)) parts.push(string(key), ...valueOf(key, value));
  let at = 0;
  const stored = tensors.map(({ values }) =>
    values instanceof Float32Array
      ? { type: "F32", bytes: Buffer.from(values.buffer, values.byteOffset, values.byteLength) }
      : values,
  );
  for (const [i, { name, shape }] of tensors.entries()) {
    const { type, bytes } = stored[i];
    parts.push(string(name), u32(shape.length), ...shape.toReversed().map(u64), u32(numberOf(type)), u64(at));
    at = aligned(at + bytes.byteLength);
  }
  const header = Buffer.concat(parts);
  if (tensors.length === 0) return header;
  const file = Buffer.alloc(aligned(header.length) + at);
  header.copy(file);
  at = aligned(header.length);
  for (const { bytes } of stored) {
    file.set(bytes, at);
    at = aligned(at + bytes.byteLength);
  }
  return file;
}

const aligned = (offset: number): number => Math.ceil(offset / ALIGNMENT) * ALIGNMENT;

function valueOf(key: string, value: GgufEntries[string]): Buffer[] {
  switch (typeof value) {
    case "string":
      return [u32(STRING), string(value)];
    case "number":
      return Number.isInteger(value) && !FLOATS.test(key) ? [u32(UINT32), u32(value)] : [u32(FLOAT32), f32(value)];
    case "boolean":
      return [u32(BOOL), Buffer.from([value ? 1 : 0])];
    default:
      break;
  }
  if (typeof value[0] === "string")
    return [u32(ARRAY), u32(STRING), u64(value.length), ...(value as string[]).map(string)];
  if (typeof value[0] === "boolean")
    return [u32(ARRAY), u32(BOOL), u64(value.length), Buffer.from((value as boolean[]).map(Number))];
  const isFloat = FLOATS.test(key);
  const numbers = isFloat ? Float32Array.from(value as number[]) : Int32Array.from(value as number[]);
  return [u32(ARRAY), u32(isFloat ? FLOAT32 : INT32), u64(value.length), Buffer.from(numbers.buffer)];
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function f32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return bytes;
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

function string(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([u64(bytes.length), bytes]);
}
