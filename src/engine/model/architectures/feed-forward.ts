import type { Node } from "../../graph/graph";
import type { RoutedExperts, FusedPart } from "./architecture";
import type { BlockBuilder } from "./block-builder";
import type { ConfigReader } from "./config-reader";

/** An activation function, applied to each element of x. */
export type Activation = (b: BlockBuilder, x: Node) => Node;

const activations: Readonly<Record<string, Activation>> = {
  silu: (b, x) => b.unary("silu", x),
  swish: (b, x) => b.unary("silu", x),
  relu: (b, x) => b.unary("relu", x),
  relu2: (b, x) => {
    const positive = b.unary("relu", x);
    return b.multiply(positive, positive);
  },
  gelu: (b, x) => b.gelu(x, "none"),
  gelu_python: (b, x) => b.gelu(x, "none"),
  gelu_new: (b, x) => b.gelu(x, "tanh"),
  gelu_fast: (b, x) => b.gelu(x, "tanh"),
  gelu_accurate: (b, x) => b.gelu(x, "tanh"),
  gelu_pytorch_tanh: (b, x) => b.gelu(x, "tanh"),
  gelu_python_tanh: (b, x) => b.gelu(x, "tanh"),
  quick_gelu: (b, x) => b.multiply(x, b.unary("sigmoid", b.multiply(x, 1.702))),
  tanh: (b, x) => b.unary("tanh", x),
  sigmoid: (b, x) => b.unary("sigmoid", x),
};

/** The activation function that a configuration names. */
export function activationOf(config: ConfigReader, key: string, fallback: string): Activation {
  const name = config.string(key, fallback);
  const activation = Object.hasOwn(activations, name) ? activations[name] : undefined;
  return activation ?? config.unsupported(`the activation function '${name}'`);
}

/** What a block has behind attention, `[batch, tokens, hidden]` in and out. */
export interface FeedForward {
  readonly apply: (b: BlockBuilder, x: Node) => Node;
  /** The matrix, by module name, whose inputs are its neurons; undefined where no single one has them. */
  readonly neurons?: string;
  /** What its fused matrix is made of, if it has one. */
  readonly fused?: Readonly<Record<string, readonly FusedPart[]>>;
  /** Those among which it routes tokens. */
  readonly experts?: RoutedExperts;
}

const downProjection = "mlp.down_proj";
const widthOf = (x: Node): number => Number(x.shape.at(-1));

/** `down(activation(gate(x)) · up(x))` */
export function gatedFeedForward(
  size: number,
  activation: Activation,
  { gate = "mlp.gate_proj", up = "mlp.up_proj", down = downProjection, bias = false } = {},
): FeedForward {
  return {
    apply: (b, x) => {
      const gates = activation(b, b.project(x, gate, size, bias));
      return b.project(b.multiply(gates, b.project(x, up, size, bias)), down, widthOf(x), bias);
    },
    neurons: down,
  };
}

/** The same with gate and up in one matrix, one behind the other. */
export function fusedFeedForward(size: number, activation: Activation): FeedForward {
  const name = "mlp.gate_up_proj";
  return {
    apply: (b, x) => {
      const fused = b.project(x, name, 2 * size);
      const [gate, up] = [b.slice(fused, 2, 0, size), b.slice(fused, 2, size, 2 * size)];
      return b.project(b.multiply(activation(b, gate), up), downProjection, widthOf(x));
    },
    neurons: downProjection,
    fused: {
      [name]: [
        { name: "gate", rows: [[0, size]] },
        { name: "up", rows: [[size, 2 * size]] },
      ],
    },
  };
}

/** `down(activation(up(x)))` */
export function plainFeedForward(
  size: number,
  activation: Activation,
  { up = "mlp.up_proj", down = downProjection, bias = false } = {},
): FeedForward {
  return {
    apply: (b, x) => b.project(activation(b, b.project(x, up, size, bias)), down, widthOf(x), bias),
    neurons: down,
  };
}
