import type { Node } from "../../graph/graph";
import { FLOAT, type Serializers, type Writer } from "./writer";

/**
 * Operations that ONNX Runtime has faster on the processor, and not at all for WebGPU, as standard ones that it has. A matrix is
 * transposed on the device before its product: little beside that, or beside bringing it there.
 */
export const webgpuOperations = {
  matmul: (w, { inputs: [a, b], attributes: { transposeA, transposeB, scale } }, [x, y], z) => {
    const left = transposeA ? transposed(w, a, x) : x;
    const right = transposeB ? transposed(w, b, y) : y;
    const product = w.emit("MatMul", [left, right], scale === 1 ? z : undefined);
    if (scale !== 1) w.emit("Mul", [product, w.scalar(scale)], z);
  },
  linear: (w, { inputs: [, weight] }, [x, matrix, bias], y) => {
    const product = w.emit("MatMul", [x, transposed(w, weight, matrix)], bias === undefined ? y : undefined);
    if (bias !== undefined) w.emit("Add", [product, bias], y);
  },
  step: (w, _node, [x], y) => {
    w.emit("Cast", [w.emit("Greater", [x, w.scalar(0)], undefined)], y, { to: FLOAT });
  },
} satisfies Partial<Serializers>;

/** A matrix, or each of many, with rows and columns exchanged. */
function transposed(w: Writer, { shape }: Node, name: string): string {
  const perm = shape.map((_, axis) => axis);
  perm.splice(-2, 2, shape.length - 1, shape.length - 2);
  return w.emit("Transpose", [name], undefined, { perm });
}
