import { elementAt } from "../../numbers/elements";
import type { Node } from "../../graph/graph";
import { blockInputs, type BlockBuilder } from "./block-builder";

/** The heads of an attention, and what is done to its scores. */
export interface AttentionShape {
  readonly queryHeads: number;
  readonly keyValueHeads: number;
  readonly headSize: number;
  /** How many of a head's values are turned by the position; 0: none (learned positions). */
  readonly rotated: number;
  /** Scores are multiplied by it, usually 1/√headSize. */
  readonly scale: number;
  /** Scores become `softcap · tanh(scores / softcap)`. */
  readonly softcap?: number;
  /** Applied to every head of queries and keys, before the rotation: x `[batch, heads, tokens, headSize]`, the norm's name. */
  readonly normalizeHead?: (b: BlockBuilder, x: Node, name: string) => Node;
}

export const queryNorm = "self_attn.q_norm";
export const keyNorm = "self_attn.k_norm";

/**
 * Causal attention over heads. `query` is `[batch, queries, queryHeads · headSize]`, `key` and `value`
 * `[batch, tokens, keyValueHeads · headSize]`; returns `[batch, queries, queryHeads · headSize]`, the output projection's
 * input. The query heads that share a key are laid one below another, so that grouped-query attention is one product.
 */
export function attention(b: BlockBuilder, query: Node, key: Node, value: Node, shape: AttentionShape): Node {
  const { queryHeads, keyValueHeads, headSize } = shape;
  const groups = queryHeads / keyValueHeads;
  const rows = groups === 1 ? b.queries : `${groups}*queries`;

  const q = turned(b, heads(b, query, queryHeads, headSize), shape, "query");
  const k = turned(b, heads(b, key, keyValueHeads, headSize), shape, "key");
  const v = heads(b, value, keyValueHeads, headSize);

  const grouped = groups === 1 ? q : b.reshape(q, ["batch", keyValueHeads, rows, headSize]);
  const products = b.matmul(grouped, k, { transposeB: true, scale: shape.scale });
  const mask = b.input(blockInputs.mask, [b.selected ? "batch" : 1, 1, rows, "tokens"]);
  const probabilities = b.unary("softmax", b.add(softcapped(b, products, shape.softcap), mask));
  const mixed = b.matmul(probabilities, v);

  const perHead = groups === 1 ? mixed : b.reshape(mixed, ["batch", queryHeads, b.queries, headSize]);
  return b.reshape(b.transpose(perHead, [0, 2, 1, 3]), ["batch", b.queries, queryHeads * headSize]);
}

/** `[batch, n, heads · size]` → `[batch, heads, n, size]` */
function heads(b: BlockBuilder, x: Node, count: number, size: number): Node {
  return b.transpose(b.reshape(x, [elementAt(x.shape, 0), elementAt(x.shape, 1), count, size]), [0, 2, 1, 3]);
}

/** Heads normalized, where the architecture does, and turned by their positions. */
function turned(b: BlockBuilder, x: Node, { rotated, normalizeHead }: AttentionShape, side: "query" | "key"): Node {
  const normalized = normalizeHead?.(b, x, side === "query" ? queryNorm : keyNorm) ?? x;
  if (rotated === 0) return normalized;
  const positions =
    side === "query" && b.selected
      ? b.input(blockInputs.queryPositions, ["batch", "queries"], "int64")
      : b.input(blockInputs.positions, ["batch", "tokens"], "int64");
  const cosines = b.input(blockInputs.cosines, ["tokens", rotated / 2]);
  const sines = b.input(blockInputs.sines, ["tokens", rotated / 2]);
  return b.rope(normalized, [positions, cosines, sines], { rotated });
}

/** `cap · tanh(x / cap)`; x itself without a cap. */
export function softcapped(b: BlockBuilder, x: Node, cap: number | undefined): Node {
  return cap === undefined ? x : b.multiply(b.unary("tanh", b.multiply(x, 1 / cap)), cap);
}
