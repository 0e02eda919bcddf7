import type { Node } from "../graph/graph";
import { BlockBuilder } from "../model/architectures/block-builder";

/** Names of inputs and outputs that only blocks with experts have. */
export const expertNames = {
  /** What enters the experts, `[batch, queries, hidden]`. */
  x: "experts.x",
  /** Which of them each token is routed to, and what their outputs are multiplied by, `[batch, queries, experts]`. */
  chosen: "experts.chosen",
  weights: "experts.weights",
  /** The gradients of `x` and of `weights`. */
  inputGradient: "experts.inputGradient",
  weightGradient: "experts.weightGradient",
  /** The gradient of the sum of the experts' weighted outputs, `[batch, queries, hidden]`. */
  routedGradient: "experts.routedGradient",
} as const;

/** Writes a block whose experts are chosen: the choice is an input. */
export class DecidedBuilder extends BlockBuilder {
  override choice(make: () => Node): Node {
    const { shape } = make();
    return this.input(expertNames.chosen, shape);
  }
}
