import { GGML_TYPES } from "../model/formats/stored-types";

/** The formats of GGUF files that weights are quantised to, from the fewest bits to the most. */
const NAMES = [
  "Q2_K",
  "Q3_K",
  "IQ4_XS",
  "Q4_K",
  "Q4_0",
  "IQ4_NL",
  "Q4_1",
  "Q5_K",
  "Q5_0",
  "Q5_1",
  "Q6_K",
  "Q8_0",
  "F16",
  "BF16",
  "F32",
] as const;

export type FormatName = (typeof NAMES)[number];

/** How rows of a matrix lie in a GGUF file: blocks of `blockSize` weights in `bytesPerBlock` bytes. */
export interface Format {
  readonly name: FormatName;
  /** ggml's number of it (`enum ggml_type`). */
  readonly ggmlType: number;
  readonly blockSize: number;
  readonly bytesPerBlock: number;
  /** Scales included. */
  readonly bitsPerWeight: number;
}

/** All of them, from the fewest bits to the most; of as many bits those in larger blocks first. */
export const FORMATS: readonly Format[] = NAMES.map((name) => {
  for (const [ggmlType, { name: stored, weights, bytes }] of GGML_TYPES)
    if (stored === name)
      return { name, ggmlType, blockSize: weights, bytesPerBlock: bytes, bitsPerWeight: (8 * bytes) / weights };
  throw new Error(`ggml has no type ${name}`);
});

const byName = new Map(FORMATS.map((format) => [format.name, format]));

export function formatOf(name: FormatName): Format {
  const format = byName.get(name);
  if (format === undefined) throw new Error(`there is no format ${name}`);
  return format;
}

/** What llama.cpp takes in the place of formats in blocks of 256 where rows do not divide (`tensor_type_fallback` of its llama-quant.cpp). */
const INSTEAD: Partial<Record<FormatName, FormatName>> = {
  Q2_K: "Q4_0",
  Q3_K: "Q4_0",
  IQ4_XS: "IQ4_NL",
  Q4_K: "Q5_0",
  Q5_K: "Q5_1",
  Q6_K: "Q8_0",
};

/** Whether rows of so many columns are whole blocks. */
export function dividesRows(name: FormatName, columns: number): boolean {
  return columns % formatOf(name).blockSize === 0;
}

/** The format that llama.cpp gives a matrix of so many columns where it is to have this one: it, one in smaller blocks, or float16. */
export function formatForColumns(name: FormatName, columns: number): FormatName {
  if (dividesRows(name, columns)) return name;
  const instead = INSTEAD[name] ?? name;
  return dividesRows(instead, columns) ? instead : "F16";
}

/** The bytes of so many weights in rows that are whole blocks. */
export function bytesOf(name: FormatName, weights: number): number {
  const { blockSize, bytesPerBlock } = formatOf(name);
  return (weights / blockSize) * bytesPerBlock;
}

/** Whether a type that tensors are stored in is one of floats: `F16`, `BF16`. */
export const isFloat = (type: string): boolean => /^B?F\d+$/.test(type);
