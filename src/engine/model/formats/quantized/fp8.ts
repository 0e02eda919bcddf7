import { quoteJson, quoteValue } from "../quote";
import { FLOAT8_E4M3 } from "./coded-rows";
import { scaledMatrix } from "./scaled-matrix";
import type { Decoded, Decoder, Scheme, StoredTensor, Tensors } from "./stored";

/**
 * DeepSeek's and transformers' `fp8`: a scale for the whole matrix, or for each block of `weight_block_size`, in `weight_scale_inv`, by which
 * values are multiplied in spite of its name (finegrained_fp8.py, `Fp8Dequantize`). NVIDIA's and fbgemm's call it `weight_scale`.
 */
export const fp8: Scheme = (config, tensors) => {
  if (config.fmt !== undefined && config.fmt !== "e4m3")
    tensors.unsupported(`8-bit floats of the kind ${quoteValue(config.fmt)}`);
  const block = blockOf(config.weight_block_size, tensors);
  const matrices = new Map<string, Decoder>();
  for (const ending of [".weight_scale_inv", ".weight_scale"])
    for (const module of tensors.modules(ending)) {
      const weight = tensors.get(`${module}.weight`);
      // what was left as it is may have a scale all the same
      if (!weight.type.startsWith("F8_")) continue;
      const scale = tensors.get(module + ending);
      matrices.set(
        weight.name,
        floatMatrix(tensors, weight, scale, ending === ".weight_scale_inv" ? block : undefined),
      );
    }
  return withoutScales(tensors, matrices);
};

/** NVIDIA's ModelOpt: `weight_scale`, one for the matrix. Its other kinds have 4 bits. */
export const modelOpt: Scheme = (config, tensors) => {
  const algorithm = config.quant_algo ?? (config.quantization as { quant_algo?: unknown } | undefined)?.quant_algo;
  if (algorithm !== "FP8") tensors.unsupported(`ModelOpt's ${quoteValue(algorithm)}`);
  return fp8({}, tensors);
};

/** A matrix of 8-bit floats. */
export function floatMatrix(
  tensors: Tensors,
  weight: StoredTensor,
  scale: StoredTensor,
  block?: readonly [number, number],
): Decoder {
  const [out, columns] = weight.shape;
  if (weight.type !== "F8_E4M3" || out === undefined || columns === undefined || weight.shape.length > 2)
    tensors.misfit(weight, "F8_E4M3 of shape [out, in]");
  const rows = { codes: weight, rows: out, columns, rowBytes: columns, table: FLOAT8_E4M3 };
  const isWhole = scale.shape.reduce((product, size) => product * size, 1) === 1;
  return scaledMatrix(tensors, { type: "FP8", rows, scale, block: isWhole ? undefined : block });
}

/** Scales that belong to no matrix are those of activations and of the cache of keys and values. */
export function withoutScales(tensors: Tensors, matrices: Decoded["matrices"]): Decoded {
  const endings = [
    ".input_scale",
    ".activation_scale",
    ".output_scale",
    ".k_scale",
    ".v_scale",
    ".q_scale",
    ".prob_scale",
  ];
  const zeros = [".input_zero_point", ".output_zero_point", ".input_scale_ub", ".weight_scale", ".weight_scale_inv"];
  return { matrices, unused: tensors.named(...endings, ...zeros) };
}

function blockOf(block: unknown, tensors: Tensors): readonly [number, number] | undefined {
  if (block === undefined || block === null) return undefined;
  const sizes = Array.isArray(block) ? (block as unknown[]) : [];
  const [rows, columns] = sizes;
  if (sizes.length === 2 && isSize(rows) && isSize(columns)) return [rows, columns];
  return tensors.unsupported(`blocks of ${quoteJson(block)}`);
}

const isSize = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) > 0;
