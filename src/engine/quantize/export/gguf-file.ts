import { GGML_TYPES } from "../../model/formats/stored-types";
import { storedText, u32, u64 } from "../../model/formats/gguf-values";
import { writeWholeFile } from "../../whole-file";
import { writeError } from "../../write-error";

/** A tensor to be written. */
export interface WrittenGgufTensor {
  readonly name: string;
  /** As ggml has them: a row's length first. */
  readonly dimensions: readonly number[];
  /** Its name in `GGML_TYPES`. */
  readonly type: string;
  readonly bytes: number;
  /** The bytes of the tensor, in pieces. */
  readonly pieces: () => AsyncIterable<Uint8Array>;
}

export interface WholeGgufFile {
  /** The entries of its metadata by their keys, as they are stored: type and value. */
  readonly entries: ReadonlyMap<string, Uint8Array>;
  readonly tensors: readonly WrittenGgufTensor[];
  /** `general.alignment`; 32 unless given. */
  readonly alignment?: number;
}

const NUMBERS = new Map([...GGML_TYPES].map(([number, { name }]) => [name, number]));
const USUAL_ALIGNMENT = 32;

/**
 * Writes a GGUF file (version 3) so that it is never half there. No tensor is ever whole in memory that does not come so.
 * @returns the file's size in bytes.
 * @throws ParamscopeError where it cannot be written; what was there is then as it was.
 */
export async function writeGgufFile(
  path: string,
  { entries, tensors, alignment = USUAL_ALIGNMENT }: WholeGgufFile,
): Promise<number> {
  const header = headerOf(entries, tensors, alignment);
  let size = 0;
  try {
    await writeWholeFile(path, async (file) => {
      // writeFile goes on where the last one ended, and writes all it is given
      const write = async (bytes: Uint8Array): Promise<void> => {
        await file.writeFile(bytes);
        size += bytes.length;
      };
      await write(header);
      for (const { name, bytes, pieces } of tensors) {
        const end = size + bytes;
        for await (const piece of pieces()) await write(piece);
        if (size !== end) throw new Error(`${name} has ${size + bytes - end} bytes, not ${bytes}`);
        await write(new Uint8Array(paddingOf(size, alignment)));
      }
    });
  } catch (cause) {
    throw writeError(path, cause, "file");
  }
  return size;
}

function headerOf(entries: WholeGgufFile["entries"], tensors: readonly WrittenGgufTensor[], alignment: number): Buffer {
  const parts: Uint8Array[] = [Buffer.from("GGUF"), u32(3), u64(tensors.length), u64(entries.size)];
  for (const [key, stored] of entries) parts.push(storedText(key), stored);
  let at = 0;
  for (const { name, dimensions, type, bytes } of tensors) {
    const number = NUMBERS.get(type);
    if (number === undefined) throw new Error(`ggml has no type ${type}`);
    parts.push(storedText(name), u32(dimensions.length), ...dimensions.map(u64), u32(number), u64(at));
    at += bytes + paddingOf(bytes, alignment);
  }
  const header = Buffer.concat(parts);
  return Buffer.concat([header, Buffer.alloc(paddingOf(header.length, alignment))]);
}

const paddingOf = (size: number, alignment: number): number => Math.ceil(size / alignment) * alignment - size;
