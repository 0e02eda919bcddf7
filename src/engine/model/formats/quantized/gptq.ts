import { quoteValue } from "../quote";
import { groupsFrom } from "./compressed-tensors";
import { readPackedColumns, type PackedColumns } from "./packed-columns";
import { FLOATS, type Decoder, type Scheme, type Tensors } from "./stored";

/** How the stored zero points differ from what is taken away: the first form of GPTQ's checkpoints has them less 1. */
const ZERO_OFFSETS: Readonly<Record<string, number>> = { gptq: 1, gptq_v2: 0 };

const SIZES = [2, 4, 8] as const;

/**
 * GPTQ of 2, 4 or 8 bits, as AutoGPTQ and GPTQModel store it: `qweight` I32 `[in · bits/32, out]`, `qzeros` I32 `[groups, out · bits/32]`, `scales`
 * `[groups, out]`, and `g_idx` `[in]`, the group of each input, which counts where inputs were ordered by their activation (`desc_act`). Values are
 * `scales · (qweight − (qzeros + 1))` (auto_gptq, qlinear_cuda.py).
 */
export const gptq: Scheme = async (config, tensors) => {
  const { bits = 4, checkpoint_format: format = "gptq", is_marlin_format: isMarlin } = config;
  if (isMarlin === true) tensors.unsupported("GPTQ in the form of Marlin's kernels");
  const zeroOffset = typeof format === "string" ? ZERO_OFFSETS[format] : undefined;
  if (zeroOffset === undefined) return tensors.unsupported(`GPTQ in the form ${quoteValue(format)}`);
  const usual = SIZES.find((size) => size === bits);
  if (usual === undefined) return tensors.unsupported(`GPTQ of ${quoteValue(bits)} bits`);
  const matrices = new Map<string, Decoder>();
  for (const module of tensors.modules(".qweight"))
    matrices.set(`${module}.weight`, await gptqMatrix(tensors, module, usual, zeroOffset));
  return { matrices };
};

async function gptqMatrix(tensors: Tensors, module: string, usual: 2 | 4 | 8, zeroOffset: number): Promise<Decoder> {
  const codes = tensors.get(`${module}.qweight`);
  const zeros = tensors.get(`${module}.qzeros`);
  const scales = tensors.get(`${module}.scales`);
  const order = tensors.find(`${module}.g_idx`);
  const [wordRows = 0, outputs = 0] = codes.shape;
  // single modules may have other bits than the rest (`dynamic`)
  const given = order?.shape[0];
  const bits = given === undefined ? usual : SIZES.find((size) => wordRows * 32 === given * size);
  if (bits === undefined) tensors.unsupported(`GPTQ of ${((wordRows * 32) / (given ?? 1)).toFixed(1)} bits`);
  const inputs = (wordRows * 32) / bits;
  const groups = scales.shape[0] ?? 0;
  tensors.check(codes, ["I32"], [wordRows, outputs]);
  tensors.check(scales, FLOATS, [groups, outputs]);
  tensors.check(zeros, ["I32"], [groups, (outputs * bits) / 32]);
  const ordered = order && (await groupsFrom(tensors, order, inputs, groups));
  const matrix: PackedColumns = {
    codes,
    scales,
    zeros,
    bits,
    inputs,
    outputs,
    packs: "inputs",
    order: [...Array(32 / bits).keys()],
    zeroOffset,
    groups: ordered ?? Math.ceil(inputs / groups),
  };
  return {
    shape: [outputs, inputs],
    type: `GPTQ ${bits}-bit`,
    parts: [codes, zeros, scales, ...(order ? [order] : [])],
    read: (wanted, buffers) => readPackedColumns(matrix, wanted, buffers),
  };
}
