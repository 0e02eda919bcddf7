import { elementAt } from "../numbers/elements";
import type { Vocabulary } from "./vocabulary";

/** One position's logits so far, less `shift`. */
interface Row {
  /** The mean of the first chunk's logits: what is left of them is small, and little is lost where sums are subtracted. */
  readonly shift: number;
  sum: number;
  sumOfSquares: number;
}

/**
 * The target `spread` (ours): half the variance of all V logits at a position, `y = (1/2V) Σ_v (z_v − z̄)²`, and its gradient
 * in front of the vocabulary's matrix, `(1/V) Σ_v (z_v − z̄) s_v e_v`, with e_v a token's embedding and s_v its soft-cap's slope.
 * In one pass over the chunks of the vocabulary.
 */
export class Spread {
  readonly #vocabulary: Vocabulary;
  readonly #softcap: number;
  /** The slope is 1 everywhere. */
  readonly #isLinear: boolean;
  readonly #rows: Row[] = [];
  /** Σ (z − shift) s e, `[rows, hidden]`. */
  readonly #weighted: Float64Array;
  /** Σ s e: of every row with a soft-cap; without one s is 1, and one row serves all. */
  readonly #slopes: Float64Array;
  #tokens = 0;

  /** @param rows positions, of `hiddenSize` each. */
  constructor(vocabulary: Vocabulary, rows: number, hiddenSize: number, softcap: number | undefined) {
    this.#vocabulary = vocabulary;
    this.#softcap = softcap ?? Infinity;
    this.#isLinear = softcap === undefined;
    this.#weighted = new Float64Array(rows * hiddenSize);
    this.#slopes = new Float64Array((softcap === undefined ? 1 : rows) * hiddenSize);
  }

  /** Logits of consecutive rows for one chunk, `[rows, count]`, soft-capped. A chunk's rows come from 0 on. */
  async add(first: number, logits: Float32Array, count: number, embeddings: Float32Array): Promise<void> {
    const rows = logits.length / count;
    if (first === 0) this.#tokens += count;
    const shared = this.#isLinear;
    const coefficients = new Float32Array((shared ? rows + 1 : 2 * rows) * count);
    if (shared) coefficients.fill(1, rows * count);
    for (let i = 0; i < rows; i++) {
      const own = logits.subarray(i * count, (i + 1) * count);
      const row = (this.#rows[first + i] ??= { shift: meanOf(own), sum: 0, sumOfSquares: 0 });
      for (let v = 0; v < count; v++) {
        const z = own[v]! - row.shift;
        row.sum += z;
        row.sumOfSquares += z * z;
        const slope = 1 - (own[v]! / this.#softcap) ** 2;
        coefficients[i * count + v] = z * slope;
        if (!shared) coefficients[(rows + i) * count + v] = slope;
      }
    }
    const sums = await this.#vocabulary.weigh(coefficients, embeddings);
    const hiddenSize = sums.length / (coefficients.length / count);
    addTo(this.#weighted, sums.subarray(0, rows * hiddenSize), first * hiddenSize);
    // the shared row is the same whichever rows a chunk is looked at for
    if (!shared || first === 0) addTo(this.#slopes, sums.subarray(rows * hiddenSize), shared ? 0 : first * hiddenSize);
  }

  /** y at a row; its gradient is added to `gradient`, `[hidden]`. All chunks must have come. */
  result(row: number, gradient: Float32Array): number {
    const { sum, sumOfSquares } = elementAt(this.#rows, row);
    const mean = sum / this.#tokens;
    const at = row * gradient.length;
    const atSlopes = this.#isLinear ? 0 : at;
    for (let i = 0; i < gradient.length; i++)
      gradient[i]! += (this.#weighted[at + i]! - mean * this.#slopes[atSlopes + i]!) / this.#tokens;
    return Math.max(0, sumOfSquares / this.#tokens - mean * mean) / 2;
  }
}

function meanOf(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

function addTo(sums: Float64Array, values: Float32Array, from: number): void {
  for (let i = 0; i < values.length; i++) sums[from + i]! += values[i]!;
}
