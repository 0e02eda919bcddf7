import type { Node } from "../../graph/graph";
import type { BlockBuilder } from "./block-builder";
import { stackedParts, type Mixer } from "./mixer";

/**
 * A causal convolution along the tokens, each channel by a filter of its own: `y_t = Σ_j filter_j · x_(t − width + 1 + j)`, 0 before the
 * first token. x is `[batch, tokens, channels]`; the filters, `[channels, 1, width]`, are no matrices, and not scored.
 */
export function causalConvolution(
  b: BlockBuilder,
  x: Node,
  { name, width, bias = false }: { readonly name: string; readonly width: number; readonly bias?: boolean },
): Node {
  const channels = Number(x.shape.at(-1));
  const filter = b.weight(`${name}.weight`, [channels, 1, width]);
  const tap = (j: number): Node =>
    b.multiply(b.shift(x, 1, width - 1 - j), b.reshape(b.slice(filter, 2, j, j + 1), [channels]));
  let sum = tap(width - 1);
  for (let j = width - 2; j >= 0; j--) sum = b.add(sum, tap(j));
  return bias ? b.add(sum, b.weight(`${name}.bias`, [channels])) : sum;
}

/** What convolutions have that is not scored. */
export const FILTERS = "filters of convolutions";

/** LFM2's: `out(gate · convolution(before · x))`, gates and x from one matrix. */
export function shortConvolution(hiddenSize: number, width: number, bias: boolean): Mixer {
  const name = "conv.in_proj";
  return {
    apply: (b, x) => {
      const all = b.project(x, name, 3 * hiddenSize, bias);
      const part = (i: number): Node => b.slice(all, 2, i * hiddenSize, (i + 1) * hiddenSize);
      const mixed = causalConvolution(b, b.multiply(part(0), part(2)), { name: "conv.conv", width, bias });
      return b.project(b.select(b.multiply(part(1), mixed)), "conv.out_proj", hiddenSize, bias);
    },
    fused: { [name]: stackedParts({ "gate before": hiddenSize, "gate behind": hiddenSize, x: hiddenSize }) },
    heads: {},
    unscored: [FILTERS],
  };
}
