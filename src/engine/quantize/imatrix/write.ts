import { storedValue, text, texts, uint32, type TypedValue } from "../../model/formats/gguf-values";
import { writeGgufFile, type WrittenGgufTensor } from "../export/gguf-file";
import { chunksOf, type Imatrix } from "./imatrix";

/**
 * Writes an importance matrix as llama.cpp's own tool does: `NAME.in_sum2` `[columns, matrices]` and `NAME.counts` `[1, matrices]` of float32.
 * @returns the file's size in bytes.
 * @throws ParamscopeError where it cannot be written.
 */
export async function writeImatrix(path: string, imatrix: Imatrix): Promise<number> {
  const values: readonly (readonly [string, TypedValue])[] = [
    ["general.type", text("imatrix")],
    ["imatrix.datasets", texts(imatrix.datasets)],
    ["imatrix.chunk_count", uint32(chunksOf(imatrix))],
    ["imatrix.chunk_size", uint32(imatrix.chunkSize)],
  ];
  const names = [...imatrix.entries.keys()].sort();
  return await writeGgufFile(path, {
    entries: new Map(values.map(([key, value]) => [key, storedValue(value)])),
    tensors: names.flatMap((name) => {
      const { sums, counts } = imatrix.entries.get(name) ?? { sums: new Float64Array(), counts: new Float64Array() };
      return [
        float32s(`${name}.in_sum2`, [sums.length / counts.length, counts.length], sums),
        float32s(`${name}.counts`, [1, counts.length], counts),
      ];
    }),
  });
}

function float32s(name: string, dimensions: readonly number[], values: Float64Array): WrittenGgufTensor {
  return {
    name,
    dimensions,
    type: "F32",
    bytes: 4 * values.length,
    pieces: async function* () {
      yield await Promise.resolve(new Uint8Array(Float32Array.from(values).buffer));
    },
  };
}
