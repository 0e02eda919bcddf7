import { quoteValue } from "../quote";
import { readPackedColumns, type PackedColumns } from "./packed-columns";
import { FLOATS, type Decoder, type Scheme, type Tensors } from "./stored";

/** Which nibble of a word each of eight outputs is (autoawq, packing_utils.py: `AWQ_REVERSE_ORDER`). */
const ORDER = [0, 4, 1, 5, 2, 6, 3, 7];

/**
 * AWQ of 4 bits in the order of its GEMM kernels: `qweight` I32 `[in, out/8]`, `qzeros` I32 `[groups, out/8]`, `scales` `[groups, out]`. Values are
 * `scales · (qweight − qzeros)` (autoawq, packing_utils.py: `dequantize_gemm`).
 */
export const awq: Scheme = (config, tensors) => {
  const { bits = config.w_bit ?? 4, version = config.format ?? "gemm", zero_point: hasZeros = true } = config;
  if (bits !== 4) tensors.unsupported(`AWQ of ${quoteValue(bits)} bits`);
  if (String(version).toLowerCase() !== "gemm")
    tensors.unsupported(`AWQ in the order of its ${quoteValue(version)} kernels`);
  if (hasZeros !== true) tensors.unsupported("AWQ without zero points");
  const matrices = new Map<string, Decoder>();
  for (const module of tensors.modules(".qweight")) matrices.set(`${module}.weight`, awqMatrix(tensors, module));
  return { matrices };
};

function awqMatrix(tensors: Tensors, module: string): Decoder {
  const codes = tensors.get(`${module}.qweight`);
  const zeros = tensors.get(`${module}.qzeros`);
  const scales = tensors.get(`${module}.scales`);
  const [inputs = 0, words = 0] = codes.shape;
  const outputs = 8 * words;
  const groups = scales.shape[0] ?? 0;
  tensors.check(codes, ["I32"], [inputs, words]);
  tensors.check(zeros, ["I32"], [groups, words]);
  tensors.check(scales, FLOATS, [groups, outputs]);
  if (inputs % groups !== 0) tensors.misfit(scales, `of groups that ${inputs} inputs can be divided into`);
  const matrix: PackedColumns = {
    codes,
    scales,
    zeros,
    bits: 4,
    inputs,
    outputs,
    packs: "outputs",
    order: ORDER,
    zeroOffset: 0,
    groups: inputs / groups,
  };
  return {
    shape: [outputs, inputs],
    type: "AWQ 4-bit",
    parts: [codes, zeros, scales],
    read: (wanted, buffers) => readPackedColumns(matrix, wanted, buffers),
  };
}
