import type { Graph, Node } from "../graph/graph";
import { BlockBuilder, type Branch } from "../model/architectures/block-builder";
import { names, withLent, type SizedBlock } from "./block-graphs";

export const patchNames = {
  /** What the branch adds to the residual stream, `[batch, tokens, hidden]`. */
  taken: "taken",
  /** What is put in its place, `[1, tokens, hidden]`, where `mask` is 1, `[batch, tokens, 1]`. */
  patch: "patch",
  mask: "mask.patch",
} as const;

/** Hidden states through one block, and what a branch of it adds to them. */
export function takingGraph({ hiddenSize, block }: SizedBlock, branch: Branch): Graph {
  const outputs = new Map<string, Node>();
  const b = new HookedBuilder(hiddenSize, branch, (_, output) => {
    outputs.set(patchNames.taken, output);
    return output;
  });
  outputs.set(names.output, block.compute(b));
  return withLent(b, outputs);
}

/** Hidden states through one block, what a branch adds to them replaced at some positions. */
export function patchedGraph({ hiddenSize, block }: SizedBlock, branch: Branch): Graph {
  const b = new HookedBuilder(hiddenSize, branch, (b, output) => {
    const patch = b.input(patchNames.patch, [1, "tokens", hiddenSize]);
    const mask = b.input(patchNames.mask, ["batch", "tokens", 1]);
    return b.add(output, b.multiply(mask, b.subtract(patch, output)));
  });
  return b.graph(new Map([[names.output, block.compute(b)]]));
}

class HookedBuilder extends BlockBuilder {
  readonly #branch: Branch;
  readonly #hook: (b: BlockBuilder, output: Node) => Node;

  constructor(hiddenSize: number, branch: Branch, hook: (b: BlockBuilder, output: Node) => Node) {
    super(hiddenSize, false);
    this.#branch = branch;
    this.#hook = hook;
  }

  override join(branch: Branch, residual: Node, output: Node): Node {
    return super.join(branch, residual, branch === this.#branch ? this.#hook(this, output) : output);
  }
}
