import { open } from "node:fs/promises";

/** A tensor to be written. */
export interface WrittenTensor {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly bytes: number;
  /** The bytes of the tensor, in pieces. */
  readonly pieces: () => AsyncIterable<Uint8Array>;
}

/**
 * Writes a safetensors file: the header, padded to 8 bytes, and the tensors one behind the other; none is ever whole in memory
 * that does not come so.
 * @returns the file's size in bytes.
 */
export async function writeSafetensors(
  path: string,
  tensors: readonly WrittenTensor[],
  metadata: Readonly<Record<string, string>>,
): Promise<number> {
  const entries: Record<string, unknown> = { __metadata__: metadata };
  let end = 0;
  for (const { name, dtype, shape, bytes } of tensors) {
    entries[name] = { dtype, shape, data_offsets: [end, end + bytes] };
    end += bytes;
  }
  const text = Buffer.from(JSON.stringify(entries));
  const header = Buffer.alloc(8 * Math.ceil(text.length / 8), " ");
  text.copy(header);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));

  const file = await open(path, "wx");
  try {
    // writeFile goes on where the last one ended, and writes all it is given
    await file.writeFile(length);
    await file.writeFile(header);
    for (const { name, bytes, pieces } of tensors) {
      let written = 0;
      for await (const piece of pieces()) {
        await file.writeFile(piece);
        written += piece.length;
      }
      if (written !== bytes) throw new Error(`${name} has ${written} bytes, not ${bytes}`);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return 8 + header.length + end;
}
