import type { Node } from "../../graph/graph";
import type { BlockBuilder } from "./block-builder";

/** What a block is assembled from: the parts know sizes and names, the order in which they stand is the block's. */
export interface BlockParts {
  norm(b: BlockBuilder, x: Node, name: string): Node;
  /** `o(attention(q(x), k(x), v(x)))`, at the positions that are asked for. */
  attention(b: BlockBuilder, x: Node): Node;
  feedForward(b: BlockBuilder, x: Node): Node;
}

export type BlockOrder = (b: BlockBuilder, parts: BlockParts) => Node;

/** The names of a block's norms, by what they stand at. */
interface BranchNorms {
  readonly attention: string;
  readonly feedForward: string;
}

const usual: BranchNorms = { attention: "input_layernorm", feedForward: "post_attention_layernorm" };

/** `x + attention(norm(x))`, then `x + feedForward(norm(x))`. */
export function normsBefore(names = usual): BlockOrder {
  return (b, parts) => {
    const x = b.hidden;
    const mixed = parts.attention(b, parts.norm(b, x, names.attention));
    const attended = b.join("attention", b.select(x), mixed);
    return b.join("feedForward", attended, parts.feedForward(b, parts.norm(b, attended, names.feedForward)));
  };
}

/** `x + norm(attention(x))`, then `x + norm(feedForward(x))`. */
export const normsBehind: BlockOrder = (b, parts) => {
  const x = b.hidden;
  const mixed = parts.norm(b, parts.attention(b, x), "post_attention_layernorm");
  const attended = b.join("attention", b.select(x), mixed);
  const fed = parts.norm(b, parts.feedForward(b, attended), "post_feedforward_layernorm");
  return b.join("feedForward", attended, fed);
};

/** `x + norm(attention(norm(x)))`, then `x + norm(feedForward(norm(x)))`. */
export function normsAround(before: BranchNorms, behind: BranchNorms): BlockOrder {
  return (b, parts) => {
    const x = b.hidden;
    const mixed = parts.attention(b, parts.norm(b, x, before.attention));
    const attended = b.join("attention", b.select(x), parts.norm(b, mixed, behind.attention));
    const fed = parts.feedForward(b, parts.norm(b, attended, before.feedForward));
    return b.join("feedForward", attended, parts.norm(b, fed, behind.feedForward));
  };
}

/** `norm(x + attention(x))`, then `norm(x + feedForward(x))`. */
export function normsAfterResidual(names: BranchNorms): BlockOrder {
  return (b, parts) => {
    const x = b.hidden;
    const attended = b.join("attention", b.select(x), parts.attention(b, x));
    const middle = parts.norm(b, attended, names.attention);
    return parts.norm(b, b.join("feedForward", middle, parts.feedForward(b, middle)), names.feedForward);
  };
}

/** `x + attention(norm(x)) + feedForward(norm(x))`; one norm for both where the second has no name. */
export function parallel(names: { readonly attention: string; readonly feedForward?: string }): BlockOrder {
  return (b, parts) => {
    const x = b.hidden;
    const selected = b.select(x);
    const normalized = parts.norm(b, x, names.attention);
    const attended = b.join("attention", selected, parts.attention(b, normalized));
    const second = names.feedForward === undefined ? b.select(normalized) : parts.norm(b, selected, names.feedForward);
    return b.join("feedForward", attended, parts.feedForward(b, second));
  };
}
