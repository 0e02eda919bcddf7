/** How weights of one type lie on disk: blocks of `weights` weights in `bytes` bytes. */
export interface StoredType {
  readonly name: string;
  readonly weights: number;
  readonly bytes: number;
}

/** The types that are read of safetensors files, by their names there. */
export const SAFETENSORS_TYPES: ReadonlyMap<string, StoredType> = new Map(
  [
    { name: "F32", weights: 1, bytes: 4 },
    { name: "F16", weights: 1, bytes: 2 },
    { name: "BF16", weights: 1, bytes: 2 },
  ].map((type) => [type.name, type]),
);

/** Bytes of one element of the safetensors types that hold no weights we read; their sizes are still checked. */
export const OTHER_SAFETENSORS_TYPES: ReadonlyMap<string, number> = new Map([
  ["BOOL", 1],
  ["U8", 1],
  ["I8", 1],
  ["F8_E5M2", 1],
  ["F8_E4M3", 1],
  ["F8_E8M0", 1],
  ["I16", 2],
  ["U16", 2],
  ["I32", 4],
  ["U32", 4],
  ["F64", 8],
  ["I64", 8],
  ["U64", 8],
  ["C64", 8],
]);

/** The types that are read of GGUF files, by ggml's number (`enum ggml_type`). */
export const GGML_TYPES: ReadonlyMap<number, StoredType> = new Map([
  [0, { name: "F32", weights: 1, bytes: 4 }],
  [1, { name: "F16", weights: 1, bytes: 2 }],
  [2, { name: "Q4_0", weights: 32, bytes: 18 }],
  [3, { name: "Q4_1", weights: 32, bytes: 20 }],
  [6, { name: "Q5_0", weights: 32, bytes: 22 }],
  [7, { name: "Q5_1", weights: 32, bytes: 24 }],
  [8, { name: "Q8_0", weights: 32, bytes: 34 }],
  [10, { name: "Q2_K", weights: 256, bytes: 84 }],
  [11, { name: "Q3_K", weights: 256, bytes: 110 }],
  [12, { name: "Q4_K", weights: 256, bytes: 144 }],
  [13, { name: "Q5_K", weights: 256, bytes: 176 }],
  [14, { name: "Q6_K", weights: 256, bytes: 210 }],
  [16, { name: "IQ2_XXS", weights: 256, bytes: 66 }],
  [17, { name: "IQ2_XS", weights: 256, bytes: 74 }],
  [18, { name: "IQ3_XXS", weights: 256, bytes: 98 }],
  [19, { name: "IQ1_S", weights: 256, bytes: 50 }],
  [20, { name: "IQ4_NL", weights: 32, bytes: 18 }],
  [21, { name: "IQ3_S", weights: 256, bytes: 110 }],
  [22, { name: "IQ2_S", weights: 256, bytes: 82 }],
  [23, { name: "IQ4_XS", weights: 256, bytes: 136 }],
  [29, { name: "IQ1_M", weights: 256, bytes: 56 }],
  [30, { name: "BF16", weights: 1, bytes: 2 }],
  [34, { name: "TQ1_0", weights: 256, bytes: 54 }],
  [35, { name: "TQ2_0", weights: 256, bytes: 66 }],
  [39, { name: "MXFP4", weights: 32, bytes: 17 }],
]);

/** ggml types that exist and that we do not read: only their names, to be able to refuse them by name. */
const OTHER_GGML_TYPES: ReadonlyMap<number, string> = new Map([
  [9, "Q8_1"],
  [15, "Q8_K"],
  [24, "I8"],
  [25, "I16"],
  [26, "I32"],
  [27, "I64"],
  [28, "F64"],
  [40, "NVFP4"],
]);

/** The name of ggml's type of that number, also of one that is not read. */
export function ggmlTypeName(type: number): string {
  return GGML_TYPES.get(type)?.name ?? OTHER_GGML_TYPES.get(type) ?? `number ${type}`;
}

/** The types that are read of GGUF files, for errors: `F32, F16, …` */
export const SUPPORTED_GGML_TYPES: string = [...GGML_TYPES.values()].map((type) => type.name).join(", ");
