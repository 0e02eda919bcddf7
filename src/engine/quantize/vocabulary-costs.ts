import type { Model } from "../model/model";
import { elementAt, zip } from "../numbers/elements";
import { tensor } from "../runtime/runtime";
import type { Batch } from "../sweep/batch";
import { logitsGraph, logSumExpGraph, vocabularyGradientGraph } from "../sweep/block-graphs";
import { embeddingGradients } from "../sweep/embedding-gradients";
import type { HeadSample } from "../sweep/head";
import type { RunContext } from "../sweep/run-context";
import type { ObservedBlock } from "../sweep/sweep";
import { LogSumExp } from "../sweep/top-logits";
import { Vocabulary } from "../sweep/vocabulary";
import type { Sample } from "../text/sample";
import type { RoundingCosts } from "./rounding-costs";
import type { QuantizedTensor } from "./tensors";

/** What a sample's gradients of the vocabulary are made of. */
interface SampleStates {
  /** Behind the last block at the positions that the target reads, `[rows, hidden]`. */
  readonly hidden: Float32Array;
  /** The tokens that `loss` predicts there; the last row predicts none. */
  readonly following: readonly number[];
}

/** Chunks of the vocabulary, their gradients and scores. */
const CHUNK_BYTES = 64 * 2 ** 20;

/** Bytes that are held beside a sweep of these samples: hidden states at the head, and gradients in front of block 0. */
export function heldForVocabulary({ hiddenSize }: Model, samples: readonly Sample[]): number {
  const tokens = samples.reduce((sum, { ids }) => sum + ids.length, 0);
  return CHUNK_BYTES + 2 * 4 * hiddenSize * tokens;
}

/** Rows of the embedding's table that are rounded together where only those matter that texts read. */
const ROWS = 256;

/**
 * The scores of the embedding and of the head, which no sweep forms: it hands over what they are made of. A tied table has one gradient, the sum of both.
 * For the squared gradients of `loss` and the activations of `spread`, as `CostTarget` says.
 */
export class VocabularyCosts {
  readonly #model: Model;
  readonly #samples: readonly Sample[];
  readonly #target: "loss" | "spread";
  #states: SampleStates[] = [];
  /** Per sample what enters block 0's gradient, by token. */
  readonly #embeddings: Map<number, Float32Array>[] = [];

  constructor(model: Model, samples: readonly Sample[], target: "loss" | "spread") {
    this.#model = model;
    this.#samples = samples;
    this.#target = target;
  }

  /** Sees what enters the head, in a sweep. */
  readonly atHead = (samples: readonly HeadSample[]): void => {
    this.#states = samples.map(({ hidden, following }) => ({ hidden: hidden.slice(), following }));
  };

  /** Sees the gradient in front of block 0: an observer of a sweep. */
  readonly observe = async ({ layer, batch, gradients: { inputGradient } }: ObservedBlock): Promise<void> => {
    if (layer === 0 && inputGradient !== undefined) await this.#takeEmbeddings(batch, inputGradient);
  };

  async #takeEmbeddings({ samples, tokens }: Batch, gradient: Float32Array): Promise<void> {
    const { hiddenSize } = this.#model;
    for (const [i, number] of samples.entries()) {
      const { ids } = elementAt(this.#samples, number);
      const read = Math.min(tokens, ids.length);
      const from = i * tokens * hiddenSize;
      const own = gradient.slice(from, from + read * hiddenSize);
      // the sweep's loss is the mean over predicted tokens, and what counts is the sum
      if (this.#target === "loss") for (let j = 0; j < own.length; j++) own[j]! *= ids.length - 1;
      this.#embeddings[number] = await embeddingGradients(this.#model, ids.subarray(0, read), own);
    }
  }

  /** Hands the rows of what is outside of the blocks to `costs`, a chunk of the vocabulary at a time. */
  async measure(
    context: RunContext,
    tensors: readonly QuantizedTensor[],
    costs: RoundingCosts,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const { embedding, head } = this.#model.definition;
    const named = (name: string): QuantizedTensor | undefined => tensors.find((one) => one.matrices[0]?.name === name);
    const isTied = embedding.tokens === head.weight;
    const ofHead = named(head.weight);
    if (ofHead) await this.#measureHead(context, ofHead, costs, isTied, signal);
    const ofEmbedding = named(embedding.tokens);
    if (ofEmbedding && !isTied) await this.#measureEmbedding(ofEmbedding, costs, signal);
  }

  async #measureHead(
    context: RunContext,
    of: QuantizedTensor,
    costs: RoundingCosts,
    isTied: boolean,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const vocabulary = new Vocabulary(context);
    const { vocabularySize, definition } = this.#model;
    const { columns } = of;
    try {
      const rows = await this.#normalized(vocabulary, signal);
      const factor = 1 / this.#samples.length;
      const { width } = vocabulary;
      await vocabulary.chunks(signal, async (embeddings, from, count) => {
        const scores = new Float32Array(count * columns);
        const gradient = new Float32Array(count * width);
        for (const [sample, { hidden, ofLogits, following }] of rows.entries()) {
          signal?.throwIfAborted();
          await vocabulary.run(
            "gradients of the vocabulary",
            () => vocabularyGradientGraph(definition, this.#target),
            hidden,
            embeddings,
            { gradient: tensor(gradient, count, width) },
            this.#target === "loss"
              ? { logSumExp: tensor(ofLogits, ofLogits.length, 1) }
              : {
                  mean: tensor(ofLogits, ofLogits.length, 1),
                  tokens: tensor(Float32Array.of(vocabularySize), 1, 1),
                },
          );
          for (const [t, token] of following.entries()) {
            if (token < from || token >= from + count) continue;
            const row = hidden.subarray(t * width, (t + 1) * width);
            const slope = definition.head.softcap === undefined ? 1 : (await vocabulary.logit(row, token)).slope;
            for (let i = 0; i < width; i++) gradient[(token - from) * width + i]! -= slope * row[i]!;
          }
          if (isTied)
            for (const [token, own] of elementAt(this.#embeddings, sample))
              if (token >= from && token < from + count)
                for (let i = 0; i < columns; i++) gradient[(token - from) * width + i]! += own[i]!;
          this.#addScores(scores, gradient, { width, columns, factor });
        }
        const weights = withoutBias(embeddings, width, columns);
        if (this.#target === "spread") multiplyMagnitudes(scores, weights);
        costs.add(of, { columns, weights, scores, importance: undefined });
      });
    } finally {
      await vocabulary.dispose();
    }
  }

  /** Adds a sample's gradients, `[count, width]`, to the scores, `[count, columns]`. */
  #addScores(
    scores: Float32Array,
    gradient: Float32Array,
    { width, columns, factor }: { readonly width: number; readonly columns: number; readonly factor: number },
  ): void {
    const isSquared = this.#target === "loss";
    for (let row = 0, at = 0; at < scores.length; row++)
      for (let i = row * width; i < row * width + columns; i++, at++) {
        const value = gradient[i]!;
        scores[at]! += factor * (isSquared ? value * value : Math.abs(value));
      }
  }

  /** Per sample what meets the vocabulary's matrix, and of each row the log of the sum of exp of its logits, or their mean. */
  async #normalized(vocabulary: Vocabulary, signal: AbortSignal | undefined) {
    const { vocabularySize, definition, hiddenSize } = this.#model;
    const { width } = vocabulary;
    const all: { hidden: Float32Array; ofLogits: Float32Array; following: readonly number[] }[] = [];
    const sums: { readonly logSumExp: LogSumExp; readonly total: Float64Array }[] = [];
    for (const { hidden, following } of this.#states) {
      const isLoss = this.#target === "loss";
      const read = isLoss ? hidden.subarray(0, following.length * hiddenSize) : hidden;
      const normalized = await vocabulary.normalize(read);
      const rows = normalized.length / width;
      all.push({ hidden: normalized, ofLogits: new Float32Array(rows), following: isLoss ? following : [] });
      sums.push({ logSumExp: new LogSumExp(rows), total: new Float64Array(rows) });
    }
    await vocabulary.chunks(signal, async (embeddings, _from, count) => {
      for (const [{ hidden }, { logSumExp, total }] of zip(all, sums))
        await vocabulary.eachRows(hidden, count, async (rows, first) => {
          signal?.throwIfAborted();
          const n = rows.length / width;
          const [largest, sum] = [new Float32Array(n), new Float32Array(n)];
          const outputs = { largest: tensor(largest, n, 1), sum: tensor(sum, n, 1) };
          if (this.#target === "loss") {
            await vocabulary.run("logSumExp", () => logSumExpGraph(definition), rows, embeddings, outputs);
            logSumExp.add(first, largest, sum);
            return;
          }
          const logits = new Float32Array(n * count);
          await vocabulary.run("logits", () => logitsGraph(definition), rows, embeddings, {
            ...outputs,
            logits: tensor(logits, n, count),
          });
          for (let row = 0; row < n; row++)
            total[first + row]! += logits.subarray(row * count, (row + 1) * count).reduce((a, b) => a + b, 0);
        });
    });
    for (const [{ ofLogits }, { logSumExp, total }] of zip(all, sums))
      for (let row = 0; row < ofLogits.length; row++)
        ofLogits[row] = this.#target === "loss" ? logSumExp.value(row) : total[row]! / vocabularySize;
    return all;
  }

  /** Of an embedding that is no head only the rows count that texts read: the others have no gradient. */
  async #measureEmbedding(of: QuantizedTensor, costs: RoundingCosts, signal: AbortSignal | undefined): Promise<void> {
    const { checkpoint } = this.#model;
    const { columns } = of;
    const { name } = elementAt(of.matrices, 0);
    const ids = [...new Set(this.#embeddings.flatMap((own) => [...own.keys()]))].sort((a, b) => a - b);
    const factor = 1 / this.#samples.length;
    for (let first = 0; first < ids.length; first += ROWS) {
      signal?.throwIfAborted();
      const some = ids.slice(first, first + ROWS);
      const weights = new Float32Array(some.length * columns);
      const scores = new Float32Array(weights.length);
      for (const [row, id] of some.entries()) {
        await checkpoint.read(name, weights.subarray(row * columns, (row + 1) * columns), id, id + 1);
        for (const own of this.#embeddings) {
          const gradient = own.get(id);
          if (gradient)
            this.#addScores(scores.subarray(row * columns, (row + 1) * columns), gradient, {
              width: columns,
              columns,
              factor,
            });
        }
      }
      if (this.#target === "spread") multiplyMagnitudes(scores, weights);
      costs.add(of, { columns, weights, scores, importance: undefined });
    }
  }
}

/** Rows without the bias that stands behind each. */
function withoutBias(rows: Float32Array, width: number, columns: number): Float32Array {
  if (width === columns) return rows;
  const stripped = new Float32Array((rows.length / width) * columns);
  for (let row = 0; row * columns < stripped.length; row++)
    stripped.set(rows.subarray(row * width, row * width + columns), row * columns);
  return stripped;
}

function multiplyMagnitudes(scores: Float32Array, weights: Float32Array): void {
  for (let i = 0; i < scores.length; i++) scores[i]! *= Math.abs(weights[i]!);
}
