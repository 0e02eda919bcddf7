import type { Score } from "../sweep/score-graphs";
import { pieceCosts } from "./piece-costs";
import type { QuantizedTensor } from "./tensors";
import type { Rounding } from "./rounding";

/** Weights that are rounded at a time. */
const PIECE = 2 ** 17;

/** What storing a tensor in one format is expected to do. */
export interface FormatCost {
  /** To the loss, or by the first-order variant to y: see `RoundingCosts`. */
  readonly cost: number;
  /** The squared error of what comes out, against the squares of that: 0 … about 1. */
  readonly outputError: number;
}

/** Rows of a matrix, and how much its weights matter. */
export interface ScoredRows {
  readonly columns: number;
  /** `[rows, columns]` */
  readonly weights: Float32Array;
  /** `[rows, columns]`, of the kind that is measured. */
  readonly scores: Float32Array;
  /** `[columns]` */
  readonly importance: Float32Array | undefined;
}

interface Sums {
  cost: number;
  error: number;
}

/**
 * What each format would cost each tensor, summed up from rows as they come; `e` is what rounding changes of a weight `w`. By squared gradients `F`
 * (of windows' summed negative log-likelihood) the expected rise of the loss, `Σ F e² / 2`: the second-order term of its expansion, with the Fisher information's
 * diagonal for the Hessian. By activations `Ā` the first-order variant, `Σ Ā |e| / |w|`, weights of 0 left out.
 */
export class RoundingCosts {
  readonly #score: Score;
  readonly #roundings: readonly Rounding[];
  readonly #sums = new Map<string, Map<string, Sums>>();
  /** The squares of what comes out, by tensor. */
  readonly #outputs = new Map<string, number>();
  readonly #rounded = new Float32Array(PIECE);

  constructor(score: Score, roundings: readonly Rounding[]) {
    this.#score = score;
    this.#roundings = roundings;
  }

  /** The formats that a tensor can have. */
  of({ columns }: Pick<QuantizedTensor, "columns">): readonly Rounding[] {
    return this.#roundings.filter(({ divides }) => divides(columns));
  }

  /** Takes in some rows of one of a tensor's matrices. */
  add(tensor: QuantizedTensor, { columns, weights, scores, importance }: ScoredRows): void {
    const sums = this.#sumsOf(tensor);
    const rows = Math.max(1, Math.floor(PIECE / columns));
    const rounded = this.#rounded.length < rows * columns ? new Float32Array(rows * columns) : this.#rounded;
    const even = importance ?? new Float32Array(columns).fill(1);
    let output = this.#outputs.get(tensor.name) ?? 0;
    for (let from = 0; from < weights.length; from += rows * columns) {
      const to = Math.min(weights.length, from + rows * columns);
      const piece = weights.subarray(from, to);
      const costs = pieceCosts(this.#score, { weights: piece, scores: scores.subarray(from, to), importance: even });
      output += costs.output;
      for (const rounding of this.of(tensor)) {
        const values = rounded.subarray(0, piece.length);
        rounding.round(piece, columns, values, importance);
        const { error, cost } = costs.of(values);
        const sum = sums.get(rounding.name)!;
        sum.error += error;
        sum.cost += cost;
      }
    }
    this.#outputs.set(tensor.name, output);
  }

  /** What each format costs a tensor all of whose rows have come; no cost of one that no rows came of. */
  costs(tensor: QuantizedTensor): ReadonlyMap<string, FormatCost> {
    const output = this.#outputs.get(tensor.name) ?? 0;
    return new Map(
      [...this.#sumsOf(tensor)].map(([name, { cost, error }]) => [
        name,
        { cost, outputError: output > 0 ? error / output : 0 },
      ]),
    );
  }

  #sumsOf(tensor: QuantizedTensor): Map<string, Sums> {
    let sums = this.#sums.get(tensor.name);
    if (sums === undefined)
      this.#sums.set(tensor.name, (sums = new Map(this.of(tensor).map(({ name }) => [name, { cost: 0, error: 0 }]))));
    return sums;
  }
}
