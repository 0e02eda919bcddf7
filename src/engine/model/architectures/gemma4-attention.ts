import type { Node } from "../../graph/graph";
import { attend, keyValueOf, type AttentionShape } from "./attention";
import { headsAlong } from "./decoder";
import type { BlockBuilder } from "./block-builder";
import type { Mixer } from "./mixer";
import type { Rope } from "./rope";

/** The attention of a kind of layers of Gemma 4. */
export interface Gemma4Attention {
  readonly hiddenSize: number;
  readonly queryHeads: number;
  readonly keyValueHeads: number;
  readonly headSize: number;
  readonly rope: Rope;
  readonly epsilon: number;
  readonly bias: boolean;
  /** Values are what keys are before they are normalized. */
  readonly valuesAreKeys: boolean;
  /**
   * Later layers of the kind have keys and values of one layer, and no matrices for them: that layer `lends` them, the others
   * `borrow`.
   */
  readonly sharing?: "lends" | "borrows";
}

/** Norms on every head of queries, keys and (without weight) values; scores are not scaled. */
export function gemma4Attention(shape: Gemma4Attention): Mixer {
  const { hiddenSize, queryHeads, keyValueHeads, headSize, rope, epsilon, bias, valuesAreKeys, sharing } = shape;
  const module = (name: string): string => `self_attn.${name}`;
  const attended: AttentionShape = {
    queryHeads,
    keyValueHeads,
    headSize,
    rope,
    scale: 1,
    headNorm: {
      apply: (b, x, side) =>
        b.normalize(x, { kind: "rms", weight: module(side === "query" ? "q_norm.weight" : "k_norm.weight"), epsilon }),
    },
  };
  const keyValues = (b: BlockBuilder, x: Node) => {
    const keys = b.project(x, module("k_proj"), keyValueHeads * headSize, bias);
    const values = valuesAreKeys ? keys : b.project(x, module("v_proj"), keyValueHeads * headSize, bias);
    const { key, value } = keyValueOf(b, keys, values, attended);
    return { key, value: unitMeanSquare(b, value, epsilon) };
  };
  const ownHeads = {
    [module("k_proj")]: headsAlong("rows", keyValueHeads, headSize),
    ...(!valuesAreKeys && { [module("v_proj")]: headsAlong("rows", keyValueHeads, headSize) }),
  };
  return {
    apply: (b, x) => {
      const query = b.project(b.select(x), module("q_proj"), queryHeads * headSize, bias);
      const states = sharing === "borrows" ? b.borrow(keyValueHeads, headSize) : keyValues(b, x);
      if (sharing === "lends") b.lend(states);
      return b.project(attend(b, query, states, attended), module("o_proj"), hiddenSize, bias);
    },
    heads: {
      [module("q_proj")]: headsAlong("rows", queryHeads, headSize),
      ...(sharing !== "borrows" && ownHeads),
      [module("o_proj")]: headsAlong("columns", queryHeads, headSize),
    },
  };
}

/** x / √(mean(x²) + ε) over the last axis. */
function unitMeanSquare(b: BlockBuilder, x: Node, epsilon: number): Node {
  const square = b.mean(b.multiply(x, x), x.shape.length - 1);
  return b.divide(x, b.unary("sqrt", b.add(square, epsilon)));
}
