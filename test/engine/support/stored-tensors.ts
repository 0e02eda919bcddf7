import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { GgufCheckpoint } from "../../../src/engine/model/formats/gguf-checkpoint";

/** What is stored of a tensor: its type, and a checksum of its bytes. */
export interface StoredTensor {
  readonly type: string;
  readonly checksum: string;
}

/** All tensors of a GGUF file, by their names. */
export async function storedTensors(path: string): Promise<Record<string, StoredTensor>> {
  const checkpoint = await GgufCheckpoint.open(path);
  const bytes = readFileSync(path);
  const tensors = checkpoint.stored.flatMap(({ header }) => [...header.tensors.values()]);
  await checkpoint.close();
  return Object.fromEntries(
    tensors.map(({ name, type, offset, bytes: size }) => [
      name,
      {
        type: type.name,
        checksum: createHash("sha256")
          .update(bytes.subarray(offset, offset + size))
          .digest("hex"),
      },
    ]),
  );
}
