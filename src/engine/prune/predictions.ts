import { tensor } from "../runtime/runtime";
import type { Model } from "../model/model";
import { comparedPredictionsGraph } from "../sweep/block-graphs";
import type { Vocabulary } from "../sweep/vocabulary";

const OUTPUTS = ["largest", "sum", "otherLargest", "otherSum", "difference", "otherAtLargest"] as const;
type Output = (typeof OUTPUTS)[number];

/** Over the rows `[from, to)`, all where none are named. */
export type PredictionRows = (from?: number, to?: number) => ComparedPredictions;

/** Two models' predictions of the same tokens. */
export interface ComparedPredictions {
  readonly tokens: number;
  /** exp of the mean negative log-likelihood. */
  readonly perplexity: number;
  readonly otherPerplexity: number;
  /** The share of positions at which both find the same token the likeliest. */
  readonly agreement: number;
  /** The mean of KL(own ‖ other) of the predicted distributions, in nats. */
  readonly divergence: number;
}

/**
 * Compares what two models predict, without ever holding all logits of a position.
 * @param own hidden states behind the last block at positions that predict a token, `[rows, hidden]`; `other` of the other model
 * @param following the token that follows each
 * @returns what it comes to over any range of the rows.
 */
export async function comparePredictions(
  model: Model,
  vocabulary: Vocabulary,
  own: Float32Array,
  other: Float32Array,
  following: readonly number[],
  signal: AbortSignal | undefined,
): Promise<PredictionRows> {
  const { hiddenSize } = model;
  const { rows, normalized, normalizedOther } = await compareDistributions(model, vocabulary, own, other, signal);
  const likelihoods = new Float64Array(following.length);
  const otherLikelihoods = new Float64Array(following.length);
  for (const [row, token] of following.entries()) {
    const hiddenOf = (values: Float32Array): Float32Array => values.subarray(row * hiddenSize, (row + 1) * hiddenSize);
    likelihoods[row] = (await vocabulary.logit(hiddenOf(normalized), token)).logit - rows.logSumExp(row);
    otherLikelihoods[row] = (await vocabulary.logit(hiddenOf(normalizedOther), token)).logit - rows.otherLogSumExp(row);
  }
  return (from = 0, to = following.length) => {
    const mean = (value: (row: number) => number): number => {
      let sum = 0;
      for (let row = from; row < to; row++) sum += value(row);
      return sum / (to - from);
    };
    return {
      tokens: to - from,
      perplexity: Math.exp(-mean((row) => likelihoods[row])),
      otherPerplexity: Math.exp(-mean((row) => otherLikelihoods[row])),
      agreement: mean((row) => Number(rows.agree(row))),
      divergence: mean((row) => rows.divergence(row)),
    };
  };
}

/** Compares the distributions that two models predict at each position; hidden states as above, and behind the final norm. */
export async function compareDistributions(
  { hiddenSize, definition }: Model,
  vocabulary: Vocabulary,
  own: Float32Array,
  other: Float32Array,
  signal: AbortSignal | undefined,
): Promise<{ rows: ComparedRows; normalized: Float32Array; normalizedOther: Float32Array }> {
  const normalized = await vocabulary.normalize(own);
  const normalizedOther = await vocabulary.normalize(other);
  const rows = new ComparedRows(own.length / hiddenSize);
  await vocabulary.chunks(signal, (embeddings, _, count) =>
    vocabulary.eachRows(normalized, count, async (piece, first) => {
      signal?.throwIfAborted();
      const n = piece.length / hiddenSize;
      const results = Object.fromEntries(OUTPUTS.map((name) => [name, new Float32Array(n)])) as Record<
        Output,
        Float32Array
      >;
      const at = first * hiddenSize;
      await vocabulary.run(
        "compared",
        () => comparedPredictionsGraph(definition),
        piece,
        embeddings,
        Object.fromEntries(OUTPUTS.map((name) => [name, tensor(results[name], n, 1)])),
        { other: tensor(normalizedOther.subarray(at, at + piece.length), n, hiddenSize) },
      );
      rows.add(first, results);
    }),
  );
  return { rows, normalized, normalizedOther };
}

/** Per row what the chunks so far come to: as of one chunk, in float64. */
export class ComparedRows {
  readonly #of: Record<Output, Float64Array>;

  constructor(rows: number) {
    const values = (initial: number): Float64Array => new Float64Array(rows).fill(initial);
    this.#of = {
      largest: values(-Infinity),
      sum: values(0),
      otherLargest: values(-Infinity),
      otherSum: values(0),
      difference: values(0),
      otherAtLargest: values(-Infinity),
    };
  }

  add(first: number, chunk: Readonly<Record<Output, Float32Array>>): void {
    const all = this.#of;
    for (let i = 0; i < chunk.largest.length; i++) {
      const row = first + i;
      // the first of equal ones stays, as in an argmax
      if (chunk.largest[i] > all.largest[row]) all.otherAtLargest[row] = chunk.otherAtLargest[i];
      const largest = Math.max(all.largest[row], chunk.largest[i]);
      const [kept, added] = [Math.exp(all.largest[row] - largest), Math.exp(chunk.largest[i] - largest)];
      all.sum[row] = kept * all.sum[row] + added * chunk.sum[i];
      all.difference[row] = kept * all.difference[row] + added * chunk.difference[i];
      all.largest[row] = largest;
      const otherLargest = Math.max(all.otherLargest[row], chunk.otherLargest[i]);
      all.otherSum[row] =
        Math.exp(all.otherLargest[row] - otherLargest) * all.otherSum[row] +
        Math.exp(chunk.otherLargest[i] - otherLargest) * chunk.otherSum[i];
      all.otherLargest[row] = otherLargest;
    }
  }

  logSumExp(row: number): number {
    return this.#of.largest[row] + Math.log(this.#of.sum[row]);
  }

  otherLogSumExp(row: number): number {
    return this.#of.otherLargest[row] + Math.log(this.#of.otherSum[row]);
  }

  /** Whether both find the same token the likeliest. */
  agree(row: number): boolean {
    return this.#of.otherAtLargest[row] === this.#of.otherLargest[row];
  }

  /** `Σ_v p_v (log p_v − log q_v)`; never below 0, whatever the rounding. */
  divergence(row: number): number {
    const { difference, sum } = this.#of;
    return Math.max(0, difference[row] / sum[row] - this.logSumExp(row) + this.otherLogSumExp(row));
  }
}
