import type { Node } from "../../graph/graph";
import type { BlockBuilder } from "./block-builder";
import type { ConfigReader } from "./config-reader";

/** An activation function, applied to each element of x. */
export type Activation = (b: BlockBuilder, x: Node) => Node;

const activations: Readonly<Record<string, Activation>> = {
  silu: (b, x) => b.unary("silu", x),
  swish: (b, x) => b.unary("silu", x),
  relu: (b, x) => b.unary("relu", x),
  gelu: (b, x) => b.gelu(x, "none"),
  gelu_new: (b, x) => b.gelu(x, "tanh"),
  gelu_fast: (b, x) => b.gelu(x, "tanh"),
  gelu_pytorch_tanh: (b, x) => b.gelu(x, "tanh"),
};

/** The activation function that a configuration names. */
export function activationOf(config: ConfigReader, key: string, fallback: string): Activation {
  const name = config.string(key, fallback);
  return activations[name] ?? config.unsupported(`the activation function '${name}'`);
}

/** The matrix of a gated feed-forward whose inputs are its neurons, as transformers calls it. */
export const downProjection = "mlp.down_proj";

/** `down(activation(gate(x)) · up(x))` */
export function gatedFeedForward(b: BlockBuilder, x: Node, size: number, activation: Activation, bias = false): Node {
  const gate = b.project(x, "mlp.gate_proj", size, bias);
  const up = b.project(x, "mlp.up_proj", size, bias);
  return b.project(b.multiply(activation(b, gate), up), downProjection, Number(x.shape.at(-1)), bias);
}
