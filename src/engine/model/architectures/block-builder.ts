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

/** Keys and values of all tokens by head, as scores are made of them: `[batch, heads, tokens, size]`. */
export interface KeyValue {
  readonly key: Node;
  readonly value: Node;
}

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
  /** `[1, 1, queries, 1]`, or with a sample's own `[batch, 1, queries, 1]`; only where queries are scaled by their positions. */
  queryScales: "queryScales",
  /** `[batch, n, n]`, 1 on the diagonal and 0 elsewhere; only where a matrix is applied element by element. */
  identity: "identity",
  /** `[batch, tokens, n]`, what the layer reads of the tokens beside hidden states; only where it reads something. */
  perLayer: "perLayer",
  /** `[batch, heads, tokens, size]`, keys and values of an earlier layer; only where a layer has none of its own. */
  borrowedKey: "borrowed.key",
  borrowedValue: "borrowed.value",
} as const;

/**
 * What an architecture's block is written with. Hidden states are `[batch, tokens, hiddenSize]`. With `selected`, only some
 * positions of each sample are asked for, `queries` of them (one in the last block of most targets): keys and values are those
 * of all tokens, everything else is computed there alone.
 */
export class BlockBuilder extends GraphBuilder {
  readonly #weights = new Map<string, BlockWeight>();
  #lent: KeyValue | undefined;
  #borrowed: KeyValue | undefined;
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

  /** Keys and values that later layers borrow; undefined: none. */
  get lent(): KeyValue | undefined {
    return this.#lent;
  }

  lend(states: KeyValue): void {
    this.#lent = states;
  }

  /** Keys and values of the layer that this one borrows from. */
  borrow(heads: number, size: number): KeyValue {
    const shape = ["batch", heads, "tokens", size];
    const { borrowedKey: key, borrowedValue: value } = blockInputs;
    return (this.#borrowed = { key: this.input(key, shape), value: this.input(value, shape) });
  }

  /** What has been borrowed; undefined: nothing. */
  get borrowed(): KeyValue | undefined {
    return this.#borrowed;
  }

  /** What the layer reads of the tokens beside hidden states, at the positions that are asked for: `[batch, queries, size]`. */
  perLayer(size: number): Node {
    return this.select(this.input(blockInputs.perLayer, ["batch", "tokens", size]));
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

  /**
   * A scored matrix `[rows, columns]` by which an input is multiplied element by element, as `[batch, rows, columns]`. It stands as the
   * product of an identity with it, so that its gradient is made of what every other matrix' is.
   */
  elements(name: string, rows: number, columns: number): Node {
    const identity = this.input(blockInputs.identity, ["batch", columns, columns]);
    return this.transpose(this.project(identity, name, rows), [0, 2, 1]);
  }

  normalize(x: Node, norm: Norm): Node {
    const size = Number(x.shape.at(-1));
    if (norm.weight === undefined) return this.#standardize(x, norm.epsilon);
    const stored = this.weight(norm.weight, [size]);
    const weight = norm.plusOne ? this.add(stored, 1) : stored;
    if (norm.kind === "rms") return this.rmsNorm(x, weight, norm.epsilon);
    const bias = norm.bias === undefined ? this.multiply(stored, 0) : this.weight(norm.bias, [size]);
    return this.layerNorm(x, weight, bias, norm.epsilon);
  }

  /** `(x − mean) / sqrt(variance + epsilon)` over the last axis. */
  #standardize(x: Node, epsilon: number): Node {
    const last = x.shape.length - 1;
    const centred = this.subtract(x, this.mean(x, last));
    const variance = this.mean(this.multiply(centred, centred), last);
    return this.divide(centred, this.unary("sqrt", this.add(variance, epsilon)));
  }
}
