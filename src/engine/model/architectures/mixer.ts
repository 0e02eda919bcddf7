import type { Node } from "../../graph/graph";
import type { Block, FusedPart } from "./architecture";
import type { BlockBuilder } from "./block-builder";

/** What mixes the tokens of a block: attention, or what stands in its place. */
export interface Mixer extends Pick<Block, "fused" | "heads" | "unscored" | "between"> {
  /** `[batch, tokens, hidden]` in; what is added to the residual stream at the positions that are asked for, `[batch, queries, hidden]`, out. */
  readonly apply: (b: BlockBuilder, x: Node) => Node;
}

/** Parts of a fused matrix that stand one behind another, so many rows each. */
export function stackedParts(sizes: Readonly<Record<string, number>>): FusedPart[] {
  let from = 0;
  return Object.entries(sizes).map(([name, size]) => ({ name, rows: [[from, (from += size)]] }));
}
