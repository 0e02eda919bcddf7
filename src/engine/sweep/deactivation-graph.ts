import type { Graph, Node } from "../graph/graph";
import { BlockBuilder } from "../model/architectures/block-builder";
import { names, withLent, type SizedBlock } from "./block-graphs";

/** Per sample, 0 for a neuron that is deactivated and 1 for all others: `[batch, 1, neurons]`. */
export const ACTIVE = "active";

/** Hidden states through one block, inputs of one of its matrices multiplied by `ACTIVE`. */
export function deactivationGraph({ hiddenSize, block }: SizedBlock, module: string): Graph {
  const b = new DeactivatingBuilder(hiddenSize, module);
  const output = block.compute(b);
  return withLent(b, new Map([[names.output, output]]));
}

class DeactivatingBuilder extends BlockBuilder {
  readonly #module: string;

  constructor(hiddenSize: number, module: string) {
    super(hiddenSize, false);
    this.#module = module;
  }

  override project(x: Node, name: string, out: number, bias = false): Node {
    const active = () => this.input(ACTIVE, ["batch", 1, Number(x.shape.at(-1))]);
    return super.project(name === this.#module ? this.multiply(x, active()) : x, name, out, bias);
  }
}
