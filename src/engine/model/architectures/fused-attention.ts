import { axisSize, type GraphBuilder, type Node } from "../../graph/graph";
import type { FusedPart, HeadLayout } from "./architecture";

/** How many heads queries, keys and values have, and of which size. */
interface Heads {
  readonly queryHeads: number;
  readonly keyValueHeads: number;
  readonly headSize: number;
}

/** One matrix for queries, keys and values. */
export interface FusedQueryKeyValue {
  /** Its rows. */
  readonly size: number;
  /** Its outputs `[batch, tokens, size]` as queries `[batch, tokens, queryHeads · headSize]`, keys and values. */
  readonly split: (b: GraphBuilder, fused: Node) => readonly [query: Node, key: Node, value: Node];
  readonly parts: readonly FusedPart[];
  readonly heads: HeadLayout;
}

/** All queries, then all keys, then all values. */
export function stackedQueryKeyValue({ queryHeads, keyValueHeads, headSize }: Heads): FusedQueryKeyValue {
  const [queries, keys] = [queryHeads * headSize, keyValueHeads * headSize];
  const ranges = [
    { name: "q", from: 0, to: queries },
    { name: "k", from: queries, to: queries + keys },
    { name: "v", from: queries + keys, to: queries + 2 * keys },
  ] as const;
  const [query, key, value] = ranges;
  const part = (b: GraphBuilder, fused: Node, { from, to }: (typeof ranges)[number]): Node =>
    b.slice(fused, 2, from, to);
  return {
    size: queries + 2 * keys,
    split: (b, fused) => [part(b, fused, query), part(b, fused, key), part(b, fused, value)],
    parts: ranges.map(({ name, from, to }) => ({ name, rows: [[from, to]] })),
    heads: {
      axis: "rows",
      size: headSize,
      parts: ranges.map(({ name, from, to }) => ({ name, from, stride: headSize, count: (to - from) / headSize })),
    },
  };
}

/** Key by key: the heads of the queries that share it, the key, its value. */
export function groupedQueryKeyValue({ queryHeads, keyValueHeads, headSize }: Heads): FusedQueryKeyValue {
  const sharing = queryHeads / keyValueHeads;
  const group = (sharing + 2) * headSize;
  const groups = Array.from({ length: keyValueHeads }, (_, i) => i);
  const ranges = [
    { name: "q", first: 0, count: sharing },
    { name: "k", first: sharing, count: 1 },
    { name: "v", first: sharing + 1, count: 1 },
  ] as const;
  const [query, key, value] = ranges;
  return {
    size: keyValueHeads * group,
    split: (b, fused) => {
      const grouped = b.reshape(fused, ["batch", "tokens", keyValueHeads, group]);
      const part = ({ first, count }: (typeof ranges)[number]): Node =>
        b.reshape(b.slice(grouped, 3, first * headSize, (first + count) * headSize), [
          "batch",
          "tokens",
          keyValueHeads * count * headSize,
        ]);
      return [part(query), part(key), part(value)];
    },
    parts: ranges.map(({ name, first, count }) => ({
      name,
      rows: groups.map((i) => [i * group + first * headSize, i * group + (first + count) * headSize] as const),
    })),
    heads: {
      axis: "rows",
      size: headSize,
      parts: ranges.flatMap(({ name, first, count }) =>
        count === 1
          ? [{ name, from: first * headSize, stride: group, count: keyValueHeads }]
          : groups.map((i) => ({
              name,
              head: i * count,
              from: i * group + first * headSize,
              stride: headSize,
              count,
            })),
      ),
    },
  };
}

/** One matrix for queries and gates. */
export interface QueriesAndGates {
  /** Its rows. */
  readonly size: number;
  /** Its outputs `[batch, n, size]` as queries and gates, `[batch, n, queryHeads · headSize]` each. */
  readonly split: (b: GraphBuilder, both: Node) => readonly [query: Node, gate: Node];
  readonly parts: readonly FusedPart[];
  readonly heads: HeadLayout;
}

/** Head by head: its query, its gate. */
export function queriesAndGates(queryHeads: number, headSize: number): QueriesAndGates {
  const stride = 2 * headSize;
  const ranges = [
    { name: "q", from: 0 },
    { name: "gate", from: headSize },
  ] as const;
  const [query, gate] = ranges;
  return {
    size: queryHeads * stride,
    split: (b, both) => {
      const [samples, positions] = [axisSize(both.shape, 0), axisSize(both.shape, 1)];
      const perHead = b.reshape(both, [samples, positions, queryHeads, stride]);
      const part = ({ from }: (typeof ranges)[number]): Node =>
        b.reshape(b.slice(perHead, 3, from, from + headSize), [samples, positions, queryHeads * headSize]);
      return [part(query), part(gate)];
    },
    parts: ranges.map(({ name, from }) => ({
      name,
      rows: Array.from({ length: queryHeads }, (_, head) => {
        const first = head * stride + from;
        return [first, first + headSize] as const;
      }),
    })),
    heads: {
      axis: "rows",
      size: headSize,
      parts: ranges.map(({ name, from }) => ({ name, from, stride, count: queryHeads })),
    },
  };
}
