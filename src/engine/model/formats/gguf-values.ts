import { GgufType, type GgufValue } from "./gguf-header";

/** A value for a GGUF file's metadata, and as what it is stored there. */
export interface TypedValue {
  readonly value: GgufValue;
  readonly type: GgufType;
  /** Of an array. */
  readonly element?: GgufType;
}

export const uint32 = (value: number): TypedValue => ({ value, type: GgufType.UINT32 });
export const float32 = (value: number): TypedValue => ({ value: Math.fround(value), type: GgufType.FLOAT32 });
export const flag = (value: boolean): TypedValue => ({ value, type: GgufType.BOOL });
export const text = (value: string): TypedValue => ({ value, type: GgufType.STRING });

const array = (element: GgufType, value: GgufValue): TypedValue => ({ value, type: GgufType.ARRAY, element });
export const texts = (values: readonly string[]): TypedValue => array(GgufType.STRING, [...values]);
export const flags = (values: readonly boolean[]): TypedValue => array(GgufType.BOOL, [...values]);
export const int32s = (values: Iterable<number>): TypedValue => array(GgufType.INT32, Int32Array.from(values));
export const float32s = (values: Iterable<number>): TypedValue => array(GgufType.FLOAT32, Float32Array.from(values));

/** The bytes of a value as they stand behind its key, with its type. */
export function storedValue({ value, type, element }: TypedValue): Buffer {
  if (element === undefined) return Buffer.concat([u32(type), single(type, value)]);
  const count = Array.isArray(value) || ArrayBuffer.isView(value) ? value.length : 0;
  return Buffer.concat([u32(type), u32(element), u64(count), ...elements(value)]);
}

function single(type: GgufType, value: GgufValue): Buffer {
  if (typeof value === "string") return storedText(value);
  if (typeof value === "boolean") return Buffer.from([Number(value)]);
  if (type !== GgufType.FLOAT32) return u32(Number(value));
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(Number(value));
  return bytes;
}

function elements(value: GgufValue): Buffer[] {
  if (ArrayBuffer.isView(value)) return [Buffer.from(value.buffer, value.byteOffset, value.byteLength)];
  if (!Array.isArray(value)) throw new Error("an array has elements");
  return value.map((one) => (typeof one === "string" ? storedText(one) : Buffer.from([Number(one)])));
}

/** A text with its length in bytes in front. */
export function storedText(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([u64(bytes.length), bytes]);
}

export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

export function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}
