import { elementAt } from "../../../numbers/elements";
import { FLOAT4_E2M1, readCodedRows, type CodedRows, type ScaleGrid } from "./coded-rows";
import { powersOfTwo, readBytes, type Decoder, type Scheme, type StoredTensor, type Tensors } from "./stored";

/** Values that share a scale (OCP Microscaling Formats, MXFP4). */
const GROUP = 32;

/**
 * gpt-oss' experts: `NAME_blocks` U8 `[experts, out, groups, 16]`, two floats of 4 bits in a byte, the first in the lower bits, and `NAME_scales` U8 `[experts, out, groups]`,
 * exponents (transformers, integrations/mxfp4.py, `convert_moe_packed_tensors`). Of `….experts.gate_up_proj` they make `….experts.3.gate_up_proj.weight`
 * `[out, in]` and so on, a matrix for each expert: only that of an expert which is asked for is read.
 */
export const mxfp4: Scheme = (_, tensors) => ({
  matrices: new Map(tensors.modules("_blocks").flatMap((name) => expertMatrices(tensors, name))),
});

function expertMatrices(tensors: Tensors, name: string): [name: string, matrix: Decoder][] {
  const codes = tensors.get(`${name}_blocks`);
  const scales = tensors.get(`${name}_scales`);
  if (codes.shape.length !== 4) tensors.misfit(codes, "U8 of shape [experts, out, groups, 16]");
  const [experts, out, groups] = [elementAt(codes.shape, 0), elementAt(codes.shape, 1), elementAt(codes.shape, 2)];
  tensors.check(codes, ["U8"], [experts, out, groups, GROUP / 2]);
  tensors.check(scales, ["U8"], [experts, out, groups]);
  const dot = name.lastIndexOf(".");
  return Array.from({ length: experts }, (_, expert) => [
    `${name.slice(0, dot)}.${expert}${name.slice(dot)}.weight`,
    {
      ...expertMatrix(ofExpert(codes, expert), ofExpert(scales, expert), out, groups),
      stack: { name, expert, experts, transposed: true },
    },
  ]);
}

/** One expert's part of a tensor `[experts, …]`. */
function ofExpert(tensor: StoredTensor, expert: number): StoredTensor {
  const [experts = 1, ...shape] = tensor.shape;
  const bytes = tensor.bytes / experts;
  return { ...tensor, shape, bytes, offset: tensor.offset + expert * bytes };
}

function expertMatrix(codes: StoredTensor, scales: StoredTensor, out: number, groups: number): Decoder {
  const columns = groups * GROUP;
  const rows: CodedRows = { codes, rows: out, columns, rowBytes: columns / 2, table: FLOAT4_E2M1 };
  const grid: ScaleGrid = {
    blockRows: 1,
    columns: groups,
    groups: GROUP,
    scales: async (from, to) => powersOfTwo(await readBytes(scales, from * groups, to * groups)),
  };
  return {
    shape: [out, columns],
    type: "MXFP4",
    parts: [codes, scales],
    read: (wanted, buffers) => readCodedRows(rows, grid, wanted, buffers),
  };
}
