import type { Node } from "../graph/graph";
import { BlockBuilder } from "../model/architectures/block-builder";
import { names, withLent, type SizedBlock, type WrittenBlock } from "./block-graphs";

/** Per sample, 0 for a row, or a column, of the matrix whose weights count as 0, and 1 for all others: `[batch, 1, rows or columns]`. */
export const KEPT = "kept";

/** One of the two sides of a matrix `[out, in]`. */
export interface MatrixSide {
  /** The matrix's name within the block: `self_attn.o_proj`. */
  readonly module: string;
  readonly axis: "rows" | "columns";
}

/** Hidden states through one block, as if weights along one side of one of its matrices were 0: its bias stays. */
export function ablationGraph({ hiddenSize, block }: SizedBlock, side: MatrixSide): WrittenBlock {
  const b = new AblatingBuilder(hiddenSize, side);
  const output = block.compute(b);
  return withLent(b, new Map([[names.output, output]]));
}

class AblatingBuilder extends BlockBuilder {
  readonly #side: MatrixSide;

  constructor(hiddenSize: number, side: MatrixSide) {
    super(hiddenSize, false);
    this.#side = side;
  }

  override project(x: Node, name: string, out: number, bias = false): Node {
    const { module, axis } = this.#side;
    if (name !== module) return super.project(x, name, out, bias);
    const kept = (values: Node): Node =>
      this.multiply(values, this.input(KEPT, ["batch", 1, Number(values.shape.at(-1))]));
    if (axis === "columns") return super.project(kept(x), name, out, bias);
    const product = kept(super.project(x, name, out));
    return bias ? this.add(product, this.weight(`${name}.bias`, [out])) : product;
  }
}
