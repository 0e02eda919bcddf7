import { GraphBuilder, type Node, type Shape } from "../../graph/graph";
import type { Norm } from "./norm";

/** A tensor of a block that its graph takes as an input. */
export interface BlockWeight {
  /** The tensor's name within the block: `self_attn.q_proj.weight`. */
  readonly name: string;
  readonly shape: readonly number[];
}

/** What a block adds to the residual stream. */
export type Branch = "attention" | "feedForward";

/** Names of a block graph's inputs that are no weights. */
export const blockInputs = {
  hidden: "hidden",
  /** `[batch, queries, tokens]`, 1 at the position that is asked for; only where not all are. */
  selector: "selector",
  mask: "mask",
  positions: "positions",
  queryPositions: "queryPositions",
  cosines: "cosines",
  sines: "sines",
} as const;

/**
 * What an architecture's block is written with. Hidden states are `[batch, tokens, hiddenSize]`. With `selected`, only some
 * positions of each sample are asked for, `queries` of them (one in the last block of most targets): keys and values are those
 * of all tokens, everything else is computed there alone.
 */
export class BlockBuilder extends GraphBuilder {
  readonly #weights = new Map<string, BlockWeight>();
  /** The input of the block. */
  readonly hidden: Node;

  constructor(
    hiddenSize: number,
    readonly selected: boolean,
  ) {
    super();
    this.hidden = this.input(blockInputs.hidden, ["batch", "tokens", hiddenSize]);
  }

  /** Every weight that has been asked for, in that order. */
  get weights(): readonly BlockWeight[] {
    return [...this.#weights.values()];
  }

  get queries(): Shape[number] {
    return this.selected ? "queries" : "tokens";
  }

  weight(name: string, shape: readonly number[]): Node {
    this.#weights.set(name, { name, shape });
    return this.input(name, shape);
  }

  /** The positions whose output is asked for: `[batch, tokens, n]` → `[batch, queries, n]`. */
  select(x: Node): Node {
    if (!this.selected) return x;
    return this.matmul(this.input(blockInputs.selector, ["batch", "queries", "tokens"]), x);
  }

  /** The residual stream behind a branch. */
  join(_branch: Branch, residual: Node, output: Node): Node {
    return this.add(residual, output);
  }

  /** A scored matrix `[out, in]`, and its bias. */
  project(x: Node, name: string, out: number, bias = false): Node {
    const size = Number(x.shape.at(-1));
    const weight = this.weight(`${name}.weight`, [out, size]);
    return this.linear(x, weight, bias ? this.weight(`${name}.bias`, [out]) : undefined, name);
  }

  normalize(x: Node, norm: Norm): Node {
    const size = Number(x.shape.at(-1));
    const stored = this.weight(norm.weight, [size]);
    const weight = norm.plusOne ? this.add(stored, 1) : stored;
    if (norm.kind === "rms") return this.rmsNorm(x, weight, norm.epsilon);
    const bias = norm.bias === undefined ? this.multiply(stored, 0) : this.weight(norm.bias, [size]);
    return this.layerNorm(x, weight, bias, norm.epsilon);
  }
}
