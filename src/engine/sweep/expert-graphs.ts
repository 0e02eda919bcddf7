import { cutGraph, type CutGraph } from "../graph/cut";
import { differentiate } from "../graph/differentiate";
import type { Graph, Node } from "../graph/graph";
import { BlockBuilder, blockInputs } from "../model/architectures/block-builder";
import type { Experts } from "../model/architectures/architecture";
import { DecidedBuilder, expertNames } from "./decided-builder";
import { names, withSites, type BackwardGraph, type SizedBlock, type WrittenBlock } from "./block-graphs";

/** What the experts of a block are given. */
function demandedOf({ routing }: BlockBuilder): Map<string, Node> {
  if (routing === undefined) throw new Error("the block has no experts");
  return new Map([
    [expertNames.x, routing.x],
    [expertNames.chosen, routing.chosen],
    [expertNames.weights, routing.weights],
  ]);
}

/** A computation of a block with experts, cut in two where they compute. */
export function cutAtExperts({ b, outputs }: WrittenBlock): CutGraph {
  const demanded = demandedOf(b);
  const { x } = b.routing ?? {};
  if (x === undefined) throw new Error("the block has no experts");
  return cutGraph(b, b.input(blockInputs.routed, x.shape), outputs, demanded);
}

/** From hidden states to what the experts are given, and nothing else. */
export function routingGraph({ hiddenSize, block }: SizedBlock, selected: boolean): Graph {
  const b = new BlockBuilder(hiddenSize, selected);
  block.compute(b);
  return b.graph(demandedOf(b));
}

/** From the gradient of a block's output to that of what its experts add up to. */
export function routedGradientGraph({ hiddenSize, block }: SizedBlock, selected: boolean): Graph {
  const b = new DecidedBuilder(hiddenSize, selected);
  const output = block.compute(b);
  const routed = b.input(blockInputs.routed, output.shape);
  const seed = b.input(names.outputGradient, output.shape);
  const [gradient] = differentiate(b, [output], [seed], [routed]).gradients;
  if (gradient === undefined) throw new Error("the block's output does not depend on its experts");
  const graph = b.graph(new Map([[expertNames.routedGradient, gradient]]));
  // what stands behind the experts of every architecture so far is linear in them
  const needed = graph.inputs.find(({ id }) => id !== seed.id);
  if (needed !== undefined) throw new Error(`the gradient of experts depends on ${needed.attributes.name}`);
  return graph;
}

/** One expert as a block: what enters it is what is routed to it. */
export function expertBlock(hiddenSize: number, { compute }: Experts): SizedBlock {
  return { hiddenSize, block: { compute: (b) => compute(b, b.hidden) } };
}

/** Tokens `[batch, tokens, hidden]` through one expert. */
export function expertGraph(hiddenSize: number, { compute }: Experts): Graph {
  const b = new BlockBuilder(hiddenSize, false);
  return b.graph(new Map([[names.output, compute(b, b.hidden)]]));
}

/** The same backward: from the gradient of an expert's output to that of its input and to what its matrices' are made of; and the output itself. */
export function expertBackwardGraph(hiddenSize: number, { compute }: Experts): BackwardGraph {
  const b = new BlockBuilder(hiddenSize, false);
  const output = compute(b, b.hidden);
  const seed = b.input(names.outputGradient, output.shape);
  const { gradients, sites } = differentiate(b, [output], [seed], [b.hidden]);
  return withSites(b, gradients, sites, new Map([[names.output, output]]));
}
