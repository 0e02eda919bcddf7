import type { Architecture } from "../model/architectures/architecture";
import type { Model } from "../model/model";
import { elementAt } from "../numbers/elements";
import { mean } from "../numbers/statistics";
import { tensor } from "../runtime/runtime";
import { comparedPredictionsGraph } from "../sweep/block-graphs";
import type { Vocabulary } from "../sweep/vocabulary";
import { Workspace } from "../sweep/workspace";

/** What `comparedPredictionsGraph` gives per row. */
type Output = "largest" | "sum" | "otherLargest" | "otherSum" | "difference" | "otherAtLargest";

/** What the predictions come to over the rows `[from, to)`, over all where none are named. */
export type PredictionRows = (from?: number, to?: number) => ComparedPredictions;

/** How far two models' predictions of the same tokens agree. */
export interface ComparedPredictions {
  readonly tokens: number;
  /** The mean negative log-likelihood, in nats. */
  readonly loss: number;
  readonly otherLoss: number;
  /** The share of positions at which both find the same token the likeliest. */
  readonly agreement: number;
  /** The mean of KL(own ‖ other) of the predicted distributions, in nats. */
  readonly divergence: number;
}

/** What two models have in front of the head at the same positions. */
export interface TwoModelStates {
  /** Hidden states behind the last block, `[rows, hidden]`. */
  readonly own: Float32Array;
  readonly other: Float32Array;
}

/**
 * Compares what two models predict, without ever holding all logits of a position.
 * @param states at positions that predict a token.
 * @param following the token that follows each.
 * @param separate where the other model's final norm and vocabulary are others.
 * @returns what it comes to over any range of the rows.
 */
export async function comparePredictions(
  model: Model,
  vocabulary: Vocabulary,
  states: TwoModelStates,
  following: readonly number[],
  signal: AbortSignal | undefined,
  separate?: OtherVocabulary,
): Promise<PredictionRows> {
  const { width } = vocabulary;
  const { rows, normalized } = await compareDistributions(model, vocabulary, states, signal, separate);
  const predictions: Prediction[] = [];
  for (const [row, token] of following.entries()) {
    const logitOf = async (hidden: Float32Array, by = vocabulary): Promise<number> =>
      (await by.logit(hidden.subarray(row * width, (row + 1) * width), token)).logit;
    const compared = elementAt(rows, row);
    predictions.push({
      likelihood: (await logitOf(normalized.own)) - compared.logSumExp,
      otherLikelihood: (await logitOf(normalized.other, separate?.vocabulary)) - compared.otherLogSumExp,
      agrees: Number(compared.agrees),
      divergence: compared.divergence,
    });
  }
  return (from, to) => {
    const range = predictions.slice(from, to);
    const meanOf = (figure: keyof Prediction): number => mean(range.map((prediction) => prediction[figure]));
    return {
      tokens: range.length,
      loss: -meanOf("likelihood"),
      otherLoss: -meanOf("otherLikelihood"),
      agreement: meanOf("agrees"),
      divergence: meanOf("divergence"),
    };
  };
}

/** What two models say of one token; likelihoods are logarithms. */
interface Prediction {
  readonly likelihood: number;
  readonly otherLikelihood: number;
  readonly agrees: number;
  readonly divergence: number;
}

/** The vocabulary of the other model, where it has one of its own, and how many tokens from the first on are compared. */
export interface OtherVocabulary {
  readonly vocabulary: Vocabulary;
  readonly definition: Architecture;
  readonly tokens: number;
}

/**
 * Compares the distributions that two models predict at each position; of two vocabularies those over the tokens that are
 * compared.
 * @param separate where the other model has another final norm and another vocabulary.
 * @returns a comparison per row, and the hidden states behind the final norm.
 */
export async function compareDistributions(
  { definition }: Model,
  vocabulary: Vocabulary,
  { own, other }: TwoModelStates,
  signal: AbortSignal | undefined,
  separate?: OtherVocabulary,
): Promise<{ readonly rows: readonly ComparedRow[]; readonly normalized: TwoModelStates }> {
  const { width } = vocabulary;
  const normalized = {
    own: await vocabulary.normalize(own),
    other: await (separate?.vocabulary ?? vocabulary).normalize(other),
  };
  const rows = Array.from({ length: normalized.own.length / width }, () => new ComparedRow());
  const otherSpace = new Workspace();
  await vocabulary.chunks(signal, async (chunk, from, size) => {
    const count = Math.min(size, (separate?.tokens ?? Infinity) - from);
    if (count <= 0) return;
    const embeddings = chunk.subarray(0, count * width);
    const otherChunk = otherSpace.take("embeddings", separate ? embeddings.length : 0);
    await separate?.vocabulary.readRows(from, otherChunk);
    const more = separate && { otherEmbeddings: tensor(otherChunk, count, width) };
    await vocabulary.eachRows(normalized.own, count, async (piece, first) => {
      signal?.throwIfAborted();
      const n = piece.length / width;
      const values = (): Float32Array => new Float32Array(n);
      const results: Record<Output, Float32Array> = {
        largest: values(),
        sum: values(),
        otherLargest: values(),
        otherSum: values(),
        difference: values(),
        otherAtLargest: values(),
      };
      const at = first * width;
      await vocabulary.run(
        "compared",
        () => comparedPredictionsGraph(definition, separate?.definition.head),
        piece,
        embeddings,
        Object.fromEntries(Object.entries(results).map(([name, result]) => [name, tensor(result, n, 1)])),
        { other: tensor(normalized.other.subarray(at, at + piece.length), n, width), ...more },
      );
      for (const [i, row] of rows.slice(first, first + n).entries())
        row.add({
          largest: elementAt(results.largest, i),
          sum: elementAt(results.sum, i),
          otherLargest: elementAt(results.otherLargest, i),
          otherSum: elementAt(results.otherSum, i),
          difference: elementAt(results.difference, i),
          otherAtLargest: elementAt(results.otherAtLargest, i),
        });
    });
  });
  return { rows, normalized };
}

/** What the chunks so far come to at one position: as of one chunk, in float64. */
export class ComparedRow {
  #largest = -Infinity;
  #sum = 0;
  #otherLargest = -Infinity;
  #otherSum = 0;
  #difference = 0;
  #otherAtLargest = -Infinity;

  /** Takes in what `comparedPredictionsGraph` makes of a chunk. */
  add(chunk: Readonly<Record<Output, number>>): void {
    // the first of equal ones stays, as in an argmax
    if (chunk.largest > this.#largest) this.#otherAtLargest = chunk.otherAtLargest;
    const largest = Math.max(this.#largest, chunk.largest);
    const [kept, added] = [Math.exp(this.#largest - largest), Math.exp(chunk.largest - largest)];
    this.#sum = kept * this.#sum + added * chunk.sum;
    this.#difference = kept * this.#difference + added * chunk.difference;
    this.#largest = largest;
    const otherLargest = Math.max(this.#otherLargest, chunk.otherLargest);
    this.#otherSum =
      Math.exp(this.#otherLargest - otherLargest) * this.#otherSum +
      Math.exp(chunk.otherLargest - otherLargest) * chunk.otherSum;
    this.#otherLargest = otherLargest;
  }

  get logSumExp(): number {
    return this.#largest + Math.log(this.#sum);
  }

  get otherLogSumExp(): number {
    return this.#otherLargest + Math.log(this.#otherSum);
  }

  /** Whether both find the same token the likeliest. */
  get agrees(): boolean {
    return this.#otherAtLargest === this.#otherLargest;
  }

  /** The divergence `Σ_v p_v (log p_v − log q_v)`; never below 0, whatever the rounding. */
  get divergence(): number {
    return Math.max(0, this.#difference / this.#sum - this.logSumExp + this.otherLogSumExp);
  }
}
