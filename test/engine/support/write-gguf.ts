/** What a test puts into a GGUF file's metadata: whole numbers are unsigned integers, arrays of numbers of the type that llama.cpp wants of them. */
export type GgufEntries = Readonly<Record<string, string | number | boolean | readonly string[] | readonly number[]>>;

const [UINT32, INT32, FLOAT32, BOOL, STRING, ARRAY] = [4, 5, 6, 7, 8, 9];

/** The bytes of a GGUF file (version 3) with this metadata and no tensors, which llama.cpp opens for its vocabulary. */
export function ggufFile(entries: GgufEntries): Buffer {
  const parts: Buffer[] = [Buffer.from("GGUF"), u32(3), u64(0), u64(Object.keys(entries).length)];
  for (const [key, value] of Object.entries(entries)) parts.push(string(key), ...valueOf(key, value));
  return Buffer.concat(parts);
}

function valueOf(key: string, value: GgufEntries[string]): Buffer[] {
  switch (typeof value) {
    case "string":
      return [u32(STRING), string(value)];
    case "number":
      return Number.isInteger(value) ? [u32(UINT32), u32(value)] : [u32(FLOAT32), f32(value)];
    case "boolean":
      return [u32(BOOL), Buffer.from([value ? 1 : 0])];
    default:
      break;
  }
  if (typeof value[0] === "string")
    return [u32(ARRAY), u32(STRING), u64(value.length), ...(value as string[]).map(string)];
  const isScores = key.endsWith("scores");
  const numbers = isScores ? Float32Array.from(value as number[]) : Int32Array.from(value as number[]);
  return [u32(ARRAY), u32(isScores ? FLOAT32 : INT32), u64(value.length), Buffer.from(numbers.buffer)];
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
