import { topological, type Node } from "../graph/graph";
import { BlockBuilder } from "../model/architectures/block-builder";
import { elementAt } from "../numbers/elements";
import type { BlockBatch, BlockRunner } from "../sweep/block-runner";
import type { SizedBlock } from "../sweep/block-graphs";

/** Sums over the tokens that enter the matrices of a block: those of all calibration samples, padding left out. */
export interface InputStatistics {
  /** Forgets the sums of the last block. */
  clear(): void;
  /** Adds a batch that enters the block whose weights are loaded, all positions of its texts. */
  add(blocks: BlockRunner, hidden: Float32Array, batch: BlockBatch): Promise<void>;
}

/** What enters a block's matrices, in a builder to go on from; the block's last products need not be formed for it. */
export interface Inputs {
  readonly b: BlockBuilder;
  /** `[batch, tokens, size]`, by the name of the first matrix that each enters. */
  readonly nodes: ReadonlyMap<string, { readonly node: Node; readonly size: number }>;
  /** The sizes of matrices that are applied element by element: an identity enters them, whatever the text. */
  readonly identities: ReadonlyMap<string, number>;
  /** That name, by matrix: some have the same input. */
  readonly inputOf: ReadonlyMap<string, string>;
}

/** What enters the matrices of an architecture's block. */
export function inputsOf({ hiddenSize, block }: SizedBlock): Inputs {
  const b = new BlockBuilder(hiddenSize, false);
  const linears = topological([block.compute(b)]).filter((node): node is Node<"linear"> => node.op === "linear");
  const nodes = new Map<string, { node: Node; size: number }>();
  const identities = new Map<string, number>();
  const inputOf = new Map<string, string>();
  const known = new Map<number, string>();
  for (const { inputs, attributes } of linears) {
    const node = elementAt(inputs, 0);
    const name = known.get(node.id) ?? attributes.name;
    known.set(node.id, name);
    inputOf.set(attributes.name, name);
    const size = Number(node.shape[2]);
    if (node.op === "input") identities.set(name, size);
    else nodes.set(name, { node, size });
  }
  return { b, nodes, identities, inputOf };
}
