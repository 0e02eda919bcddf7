import { areFinite } from "../expand";
import { elementAt } from "../../../numbers/elements";
import { FLOAT4_E2M1, readCodedRows, type ScaleGrid } from "./coded-rows";
import { powersOfTwo, readBytes, type Decoder, type Scheme, type Tensors } from "./stored";

/** Values that share a scale (OCP Microscaling Formats, MXFP4). */
const GROUP = 32;

/**
 * gpt-oss' experts: `NAME_blocks` U8 `[experts, out, groups, 16]`, two floats of 4 bits in a byte, the first in the lower bits, and `NAME_scales` U8 `[experts, out, groups]`,
 * exponents. They make `NAME` `[experts, in, out]` (transformers, integrations/mxfp4.py, `convert_moe_packed_tensors`).
 */
export const mxfp4: Scheme = (_, tensors) => ({
  matrices: new Map(tensors.modules("_blocks").map((name) => [name, expertMatrices(tensors, name)])),
});

function expertMatrices(tensors: Tensors, name: string): Decoder {
  const codes = tensors.get(`${name}_blocks`);
  const scales = tensors.get(`${name}_scales`);
  if (codes.shape.length !== 4) tensors.misfit(codes, "U8 of shape [experts, out, groups, 16]");
  const [experts, out, groups] = [elementAt(codes.shape, 0), elementAt(codes.shape, 1), elementAt(codes.shape, 2)];
  tensors.check(codes, ["U8"], [experts, out, groups, GROUP / 2]);
  tensors.check(scales, ["U8"], [experts, out, groups]);
  const columns = groups * GROUP;
  const rows = { codes, rows: experts * out, columns, rowBytes: columns / 2, table: FLOAT4_E2M1 };
  const grid: ScaleGrid = {
    blockRows: 1,
    columns: groups,
    groups: GROUP,
    scales: async (from, to) => powersOfTwo(await readBytes(scales, from * groups, to * groups)),
  };
  return {
    shape: [experts, columns, out],
    type: "MXFP4",
    parts: [codes, scales],
    // a row of the result is an expert, whose matrix lies the other way round
    read: async ({ from, to, out: into }, buffers) => {
      const matrix = new Float32Array(out * columns);
      let finite = true;
      for (let expert = from; expert < to; expert++) {
        const wanted = { from: expert * out, to: (expert + 1) * out, out: matrix };
        finite = (await readCodedRows(rows, grid, wanted, buffers)) && finite;
        const start = (expert - from) * matrix.length;
        for (let row = 0; row < out; row++)
          for (let column = 0; column < columns; column++)
            into[start + column * out + row] = matrix[row * columns + column]!;
      }
      return finite && areFinite(into, 0, (to - from) * matrix.length);
    },
  };
}
