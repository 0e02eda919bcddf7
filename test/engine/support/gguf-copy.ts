import { readFileSync } from "node:fs";
import { readGgufHeader, type GgufTensor } from "../../../src/engine/model/formats/gguf-header";
import { RangeFile } from "../../../src/engine/model/formats/range-file";
import { GGML_TYPES } from "../../../src/engine/model/formats/stored-types";

/** A tensor of a GGUF file, with what is stored of it. */
export type GgufStored = Pick<GgufTensor, "name" | "dimensions"> & {
  readonly type: string;
  readonly bytes: Uint8Array;
};

/** What llama-gguf-split writes of a part: which it is, from 0 on, and of how many. */
interface Split {
  readonly number: number;
  readonly count: number;
}

const ALIGNMENT = 32;

/** A GGUF file taken apart, to be written again with other tensors or in parts. */
export class GgufCopy {
  private constructor(
    readonly tensors: readonly GgufStored[],
    /** The entries as they are stored. */
    readonly entries: Buffer,
    readonly entryCount: number,
  ) {}

  static async of(path: string): Promise<GgufCopy> {
    const bytes = readFileSync(path);
    const file = await RangeFile.open(path);
    const { tensors, metadata } = readGgufHeader(file);
    await file.close();
    const all = [...tensors.values()].map(({ name, dimensions, type, offset, bytes: size }) => ({
      name,
      dimensions,
      type: type.name,
      bytes: bytes.subarray(offset, offset + size),
    }));
    // the entries end where the first tensor is described: its name, with its length in front
    const first = Buffer.concat([u64(all[0].name.length), Buffer.from(all[0].name)]);
    return new GgufCopy(all, bytes.subarray(24, bytes.indexOf(first)), metadata.size);
  }

  /** A file of these tensors; only a whole file and the first part have the metadata. */
  file(tensors: readonly GgufStored[], split?: Split): Buffer {
    const hasEntries = split === undefined || split.number === 0;
    const parts: Buffer[] = [
      Buffer.from("GGUF"),
      u32(3),
      u64(tensors.length),
      u64((hasEntries ? this.entryCount : 0) + (split === undefined ? 0 : 3)),
    ];
    if (hasEntries) parts.push(this.entries);
    if (split !== undefined)
      parts.push(
        entry("split.no", 2, u16(split.number)),
        entry("split.count", 2, u16(split.count)),
        entry("split.tensors.count", 5, u32(this.tensors.length)),
      );
    let end = 0;
    for (const { name, dimensions, type, bytes } of tensors) {
      const [number] = [...GGML_TYPES].find(([, one]) => one.name === type) ?? [0];
      parts.push(
        u64(name.length),
        Buffer.from(name),
        u32(dimensions.length),
        ...dimensions.map(u64),
        u32(number),
        u64(end),
      );
      end += Math.ceil(bytes.length / ALIGNMENT) * ALIGNMENT;
    }
    parts.push(Buffer.alloc(padding(parts.reduce((sum, { length }) => sum + length, 0))));
    for (const { bytes } of tensors) parts.push(Buffer.from(bytes), Buffer.alloc(padding(bytes.length)));
    return Buffer.concat(parts);
  }
}

const padding = (length: number): number => Math.ceil(length / ALIGNMENT) * ALIGNMENT - length;

function entry(key: string, type: number, value: Buffer): Buffer {
  return Buffer.concat([u64(key.length), Buffer.from(key), u32(type), value]);
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}
