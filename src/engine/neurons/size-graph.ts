import type { Graph, Node } from "../graph/graph";
import { BlockBuilder } from "../model/architectures/block-builder";
import type { SizedBlock } from "../sweep/block-graphs";

/** Names of the graph's own inputs and outputs. */
export const sizeNames = {
  /** 1 for a token, 0 for padding, of every sample: `[batch, tokens, 1]`. */
  there: "there",
  /** Σ_t |h_t|, `[batch, 1, neurons]`. */
  size: "size",
} as const;

/** The graph from the hidden states in front of a block, `[batch, tokens, hidden]`, to the size of what `module` takes in, all positions summed. */
export function sizeGraph({ hiddenSize, block }: SizedBlock, module: string): Graph {
  const b = new SizeBuilder(hiddenSize, module);
  block.compute(b);
  if (b.size === undefined) throw new Error(`the block has no ${module}`);
  return b.graph(new Map([[sizeNames.size, b.size]]));
}

class SizeBuilder extends BlockBuilder {
  readonly #module: string;
  size: Node | undefined;

  constructor(hiddenSize: number, module: string) {
    super(hiddenSize, false);
    this.#module = module;
  }

  override project(x: Node, name: string, out: number, bias = false): Node {
    if (name === this.#module) {
      const there = this.input(sizeNames.there, ["batch", "tokens", 1]);
      this.size = this.sum(this.multiply(this.unary("absolute", x), there), 1);
    }
    return super.project(x, name, out, bias);
  }
}
