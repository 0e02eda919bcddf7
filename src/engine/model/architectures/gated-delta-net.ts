import { elementAt } from "../../numbers/elements";
import type { Node } from "../../graph/graph";
import type { HeadLayout } from "./architecture";
import { causalConvolution, FILTERS } from "./convolution";
import type { Activation } from "./feed-forward";
import { betweenOf, gatedDeltaRule, type DeltaHeads } from "./gated-delta-rule";
import { stackedParts, type Mixer } from "./mixer";
import { softplus } from "./softplus";

export interface DeltaNetShape extends DeltaHeads {
  readonly hiddenSize: number;
  /** Tokens that its convolution reads at once. */
  readonly filterWidth: number;
  readonly activation: Activation;
  /** Of the norm of each head's output. */
  readonly epsilon: number;
}

/**
 * Qwen3.5's linear attention (Gated DeltaNet, arXiv 2412.06464): queries, keys and values from one matrix and a short convolution, a gated delta
 * rule, and every head's output normalized and gated. Filters, decays (`A_log`, `dt_bias`) and norms are no matrices, and not scored.
 */
export function gatedDeltaNet(shape: DeltaNetShape): Mixer {
  const { hiddenSize, keyHeads, valueHeads, keySize, valueSize, filterWidth, activation, epsilon } = shape;
  const [keys, values] = [keyHeads * keySize, valueHeads * valueSize];
  const module = (name: string): string => `linear_attn.${name}`;
  const rows = (from: number, size: number, count: number, name?: string): HeadLayout["parts"][number] => ({
    ...(name !== undefined && { name }),
    from,
    stride: size,
    count,
  });
  return {
    apply: (b, x) => {
      const stacked = b.project(x, module("in_proj_qkv"), 2 * keys + values);
      const mixed = activation(b, causalConvolution(b, stacked, { name: module("conv1d"), width: filterWidth }));
      const gate = b.project(b.select(x), module("in_proj_z"), values);
      const rate = b.unary("sigmoid", b.project(x, module("in_proj_b"), valueHeads));
      const step = b.project(x, module("in_proj_a"), valueHeads);
      const speed = b.multiply(b.unary("exp", b.weight(module("A_log"), [valueHeads])), -1);
      const decay = b.multiply(softplus(b, b.add(step, b.weight(module("dt_bias"), [valueHeads]))), speed);
      const read = gatedDeltaRule(
        b,
        {
          query: b.slice(mixed, 2, 0, keys),
          key: b.slice(mixed, 2, keys, 2 * keys),
          value: b.slice(mixed, 2, 2 * keys, 2 * keys + values),
          decay,
          rate,
        },
        shape,
      );
      const perHead = (node: Node): Node =>
        b.reshape(node, [elementAt(node.shape, 0), elementAt(node.shape, 1), valueHeads, valueSize]);
      const normalized = b.rmsNorm(perHead(b.select(read)), b.weight(module("norm.weight"), [valueSize]), epsilon);
      const gated = b.multiply(normalized, b.unary("silu", perHead(gate)));
      return b.project(b.reshape(gated, ["batch", b.queries, values]), module("out_proj"), hiddenSize);
    },
    fused: { [module("in_proj_qkv")]: stackedParts({ q: keys, k: keys, v: values }) },
    heads: {
      [module("in_proj_qkv")]: {
        axis: "rows",
        size: keySize,
        parts: [
          rows(0, keySize, keyHeads, "q"),
          rows(keys, keySize, keyHeads, "k"),
          // heads of one matrix are of one size
          ...(valueSize === keySize ? [rows(2 * keys, valueSize, valueHeads, "v")] : []),
        ],
      },
      [module("in_proj_z")]: { axis: "rows", size: valueSize, parts: [rows(0, valueSize, valueHeads)] },
      [module("out_proj")]: { axis: "columns", size: valueSize, parts: [rows(0, valueSize, valueHeads)] },
    },
    unscored: [FILTERS, "decays"],
    between: betweenOf(shape),
  };
}
