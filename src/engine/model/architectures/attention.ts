import { elementAt } from "../../numbers/elements";
import type { Node } from "../../graph/graph";
import { blockInputs, type BlockBuilder, type KeyValue } from "./block-builder";
import type { Rope } from "./rope";

/** The heads of an attention, and what is done to its scores. */
export interface AttentionShape {
  readonly queryHeads: number;
  readonly keyValueHeads: number;
  readonly headSize: number;
  /** How heads of queries and keys are turned by their positions; undefined: not at all. */
  readonly rope?: Pick<Rope, "rotated" | "interleaved">;
  /** Scores are multiplied by it, usually 1/√headSize. */
  readonly scale: number;
  /** Scores become `softcap · tanh(scores / softcap)`. */
  readonly softcap?: number;
  readonly headNorm?: HeadNorm;
  /** What positions add to scores differs between heads (`Architecture.positionBias`). */
  readonly biased?: boolean;
  /** Queries are scaled by their positions (`Architecture.queryScale`). */
  readonly scaled?: boolean;
}

/** What every head of queries and keys is normalized by. */
export interface HeadNorm {
  /** x `[batch, heads, tokens, headSize]` */
  readonly apply: (b: BlockBuilder, x: Node, side: Side) => Node;
  /** Behind the rotation instead of before it. */
  readonly behindRotation?: boolean;
}

export type Side = "query" | "key";

/**
 * Causal attention over heads. `query` is `[batch, queries, queryHeads · headSize]`, `key` and `value`
 * `[batch, tokens, keyValueHeads · headSize]`; returns `[batch, queries, queryHeads · headSize]`, the output projection's
 * input.
 */
export function attention(b: BlockBuilder, query: Node, key: Node, value: Node, shape: AttentionShape): Node {
  return attend(b, query, keyValueOf(b, key, value, shape), shape);
}

/** Keys and values by head, keys normalized and turned by their positions. */
export function keyValueOf(b: BlockBuilder, key: Node, value: Node, shape: AttentionShape): KeyValue {
  const { keyValueHeads, headSize } = shape;
  return {
    key: prepared(b, heads(b, key, keyValueHeads, headSize), shape, "key"),
    value: heads(b, value, keyValueHeads, headSize),
  };
}

/** The query heads that share a key are laid one below another, so that grouped-query attention is one product. */
export function attend(b: BlockBuilder, query: Node, { key, value }: KeyValue, shape: AttentionShape): Node {
  const { queryHeads, keyValueHeads, headSize } = shape;
  const groups = queryHeads / keyValueHeads;
  const rows = groups === 1 ? b.queries : `${groups}*queries`;

  const turned = prepared(b, heads(b, query, queryHeads, headSize), shape, "query");
  const samples = b.selected ? "batch" : 1;
  const q = shape.scaled ? b.multiply(turned, b.input(blockInputs.queryScales, [samples, 1, b.queries, 1])) : turned;

  const grouped = groups === 1 ? q : b.reshape(q, ["batch", keyValueHeads, rows, headSize]);
  const products = b.matmul(grouped, key, { transposeB: true, scale: shape.scale });
  const mask = b.input(blockInputs.mask, [samples, shape.biased ? keyValueHeads : 1, rows, "tokens"]);
  const probabilities = b.unary("softmax", b.add(softcapped(b, products, shape.softcap), mask));
  const mixed = b.matmul(probabilities, value);

  const perHead = groups === 1 ? mixed : b.reshape(mixed, ["batch", queryHeads, b.queries, headSize]);
  return b.reshape(b.transpose(perHead, [0, 2, 1, 3]), ["batch", b.queries, queryHeads * headSize]);
}

/** `[batch, n, heads · size]` → `[batch, heads, n, size]` */
function heads(b: BlockBuilder, x: Node, count: number, size: number): Node {
  return b.transpose(b.reshape(x, [elementAt(x.shape, 0), elementAt(x.shape, 1), count, size]), [0, 2, 1, 3]);
}

/** Heads normalized, where the architecture does, and turned by their positions. */
function prepared(b: BlockBuilder, x: Node, { rope, headNorm }: AttentionShape, side: Side): Node {
  const normalize = (node: Node): Node => headNorm?.apply(b, node, side) ?? node;
  const turn = (node: Node): Node => (rope === undefined ? node : turned(b, node, rope, side));
  return headNorm?.behindRotation ? normalize(turn(x)) : turn(normalize(x));
}

function turned(b: BlockBuilder, x: Node, rope: Pick<Rope, "rotated" | "interleaved">, side: Side): Node {
  const positions =
    side === "query" && b.selected
      ? b.input(blockInputs.queryPositions, ["batch", "queries"], "int64")
      : b.input(blockInputs.positions, ["batch", "tokens"], "int64");
  const cosines = b.input(blockInputs.cosines, ["table", rope.rotated / 2]);
  const sines = b.input(blockInputs.sines, ["table", rope.rotated / 2]);
  return b.rope(x, [positions, cosines, sines], rope);
}

/** `cap · tanh(x / cap)`; x itself without a cap. */
export function softcapped(b: BlockBuilder, x: Node, cap: number | undefined): Node {
  return cap === undefined ? x : b.multiply(b.unary("tanh", b.multiply(x, 1 / cap)), cap);
}
