import { readdirSync, readFileSync } from "node:fs";
import { ModelCopy, readTensors, type Config, type StoredTensor } from "./model-copy";

/** Written by test/reference/make_quantized.py, with what independent programs dequantize. */
const DATA = new URL("../../data/quantized/", import.meta.url).pathname;
const EXPECTED = "expected.";

/** Two matrices, quantized. */
export interface Quantized {
  readonly config: Config;
  readonly stored: ReadonlyMap<string, StoredTensor>;
  /** By the dense model's names. */
  readonly expected: ReadonlyMap<string, { readonly shape: readonly number[]; readonly values: Float32Array }>;
}

/** Those of `test/data/quantized`, by the name of the file. */
export function readQuantized(name: string): Quantized {
  const file = readFileSync(`${DATA}${name}.safetensors`);
  const length = Number(file.readBigUInt64LE(0));
  const header = JSON.parse(file.toString("utf8", 8, 8 + length)) as { __metadata__: { quantization_config: string } };
  const stored = new Map<string, StoredTensor>();
  const expected = new Map<string, { shape: number[]; values: Float32Array }>();
  for (const [tensor, one] of readTensors(file)) {
    if (!tensor.startsWith(EXPECTED)) stored.set(tensor, one);
    else
      expected.set(tensor.slice(EXPECTED.length), {
        shape: one.shape,
        values: new Float32Array(Uint8Array.from(one.bytes).buffer),
      });
  }
  return { config: JSON.parse(header.__metadata__.quantization_config) as Config, stored, expected };
}

/** The fixture llama with these matrices in the place of its own. */
export function copyWith(
  { config, stored, expected }: Quantized,
  change?: (tensors: Map<string, StoredTensor>) => void,
) {
  return ModelCopy.of("llama", {
    config: (dense) => ({ ...dense, quantization_config: config }),
    tensors: (tensors) => {
      for (const name of expected.keys()) tensors.delete(name);
      for (const [name, tensor] of stored) tensors.set(name, tensor);
      change?.(tensors);
    },
  });
}

/** The names of all of them. */
export const quantizedNames: readonly string[] = readdirSync(DATA).map((file) => file.replace(".safetensors", ""));
