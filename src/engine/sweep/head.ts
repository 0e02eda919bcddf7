import type { Model } from "../model/model";
import { tensor, type Runtime } from "../runtime/runtime";
import { expectationGraph, logitsGraph, logSumExpGraph } from "./block-graphs";
import { concatenate } from "./concatenate";
import type { Profiler } from "./profiler";
import type { Target } from "./target";
import { LogSumExp, TopLogits, type NextToken } from "./top-logits";
import { Vocabulary } from "./vocabulary";

/** Of one sample: what the model says after its last token, and y. */
export interface HeadResult {
  readonly value: number;
  readonly token: number | undefined;
  readonly probability: number | undefined;
  /** The likeliest next tokens at the position of the target (`loss`: the last), the likeliest first. */
  readonly next: readonly NextToken[];
  /** Mean negative log-likelihood of x_2 … x_T; only with `loss`. */
  readonly negativeLogLikelihood?: number;
}

/** One sample at the head: the last block's output at the positions that the target reads. */
export interface HeadSample {
  /** `[rows, hidden]`: one row, or with `loss` every position. */
  readonly hidden: Float32Array;
  /** With `next-token`, the one that follows; with `loss`, those that follow positions 0 … rows − 2. */
  readonly following: readonly number[];
}

/**
 * Final norm and vocabulary, in chunks of the vocabulary: never all logits at once, and the matrix never whole.
 * Returns y per sample and replaces `hidden` of every sample by ∂y/∂hidden.
 */
export class Head {
  readonly #vocabulary: Vocabulary;

  constructor(
    private readonly model: Model,
    runtime: Runtime,
    profiler: Profiler,
  ) {
    this.#vocabulary = new Vocabulary(model, runtime, profiler);
  }

  async run(samples: readonly HeadSample[], target: Target, signal?: AbortSignal): Promise<HeadResult[]> {
    const { hiddenSize } = this.model;
    const loss = target.kind === "loss";
    const raw = concatenate(samples.map(({ hidden }) => hidden));
    const normalized = await this.#vocabulary.normalize(raw);
    const rowsOf = samples.map(({ hidden }) => hidden.length / hiddenSize);
    const lastRow: number[] = [];
    rowsOf.reduce((end, rows) => (lastRow.push(end + rows - 1), end + rows), 0);
    const lasts = gatherRows(normalized, lastRow, hiddenSize);

    const top = new TopLogits(samples.length);
    const sumsOfLasts = new LogSumExp(samples.length);
    const sums = new LogSumExp(loss ? normalized.length / hiddenSize : 0);
    await this.#vocabulary.chunks(signal, async (embeddings, from, count) => {
      await this.#vocabulary.eachRows(lasts, count, async (rows, first) => {
        const n = rows.length / hiddenSize;
        const [logits, largest, sum] = [n * count, n, n].map((length) => new Float32Array(length));
        await this.#vocabulary.run("logits", () => logitsGraph(this.model.definition), rows, embeddings, {
          logits: tensor(logits, n, count),
          largest: tensor(largest, n, 1),
          sum: tensor(sum, n, 1),
        });
        top.add(first, logits, from, count);
        sumsOfLasts.add(first, largest, sum);
      });
      if (loss)
        await this.#vocabulary.eachRows(normalized, count, async (rows, first) => {
          const n = rows.length / hiddenSize;
          const [largest, sum] = [new Float32Array(n), new Float32Array(n)];
          await this.#vocabulary.run("logSumExp", () => logSumExpGraph(this.model.definition), rows, embeddings, {
            largest: tensor(largest, n, 1),
            sum: tensor(sum, n, 1),
          });
          sums.add(first, largest, sum);
        });
    });

    const gradient = new Float32Array(normalized.length);
    const state = { lasts, normalized, gradient, top, sumsOfLasts, sums, rowsOf };
    const results = await this.#results(samples, target, state, signal);
    const back = await this.#vocabulary.normalizeBackward(raw, gradient);
    let at = 0;
    for (const { hidden } of samples) {
      hidden.set(back.subarray(at, at + hidden.length));
      at += hidden.length;
    }
    return results;
  }

  /** The logits of these tokens after each row of `hidden`, `[rows, hidden]`: of the vocabulary's matrix only theirs are read. */
  async logitsOf(hidden: Float32Array, tokens: readonly number[]): Promise<number[][]> {
    const { hiddenSize } = this.model;
    const normalized = await this.#vocabulary.normalize(hidden);
    const logits: number[][] = [];
    for (let at = 0; at < normalized.length; at += hiddenSize) {
      const row = normalized.subarray(at, at + hiddenSize);
      const ofRow: number[] = [];
      for (const token of tokens) ofRow.push((await this.#vocabulary.logit(row, token)).logit);
      logits.push(ofRow);
    }
    return logits;
  }

  async #results(
    samples: readonly HeadSample[],
    target: Target,
    state: {
      lasts: Float32Array;
      normalized: Float32Array;
      gradient: Float32Array;
      top: TopLogits;
      sumsOfLasts: LogSumExp;
      sums: LogSumExp;
      rowsOf: readonly number[];
    },
    signal: AbortSignal | undefined,
  ): Promise<HeadResult[]> {
    const { lasts, normalized, gradient, top, sumsOfLasts, sums } = state;
    const { hiddenSize } = this.model;
    const row = (values: Float32Array, i: number): Float32Array =>
      values.subarray(i * hiddenSize, (i + 1) * hiddenSize);
    const next = samples.map((_, s) => top.next(s, sumsOfLasts.value(s)));

    switch (target.kind) {
      case "max-logit": {
        const results: HeadResult[] = [];
        for (const [s, tokens] of next.entries()) {
          const [{ id, logit, probability }] = tokens;
          await this.#addLogit(row(lasts, s), row(gradient, s), id, 1);
          results.push({ value: logit, token: id, probability, next: tokens });
        }
        return results;
      }
      case "logit": {
        const results: HeadResult[] = [];
        for (const [s, tokens] of next.entries()) {
          const first = await this.#addLogit(row(lasts, s), row(gradient, s), target.token, 1);
          const second =
            target.minus === undefined ? 0 : await this.#addLogit(row(lasts, s), row(gradient, s), target.minus, -1);
          const probability = Math.exp(first - sumsOfLasts.value(s));
          results.push({ value: first - second, token: target.token, probability, next: tokens });
        }
        return results;
      }
      case "next-token": {
        await this.#subtractExpectation(lasts, sumsOfLasts.values(), gradient, signal);
        const results: HeadResult[] = [];
        for (const [s, { following }] of samples.entries()) {
          const [token] = following;
          const logit = await this.#addLogit(row(lasts, s), row(gradient, s), token, 1);
          const value = logit - sumsOfLasts.value(s);
          results.push({ value, token, probability: Math.exp(value), next: next[s] });
        }
        return results;
      }
      case "loss": {
        await this.#subtractExpectation(normalized, sums.values(), gradient, signal);
        const results: HeadResult[] = [];
        let first = 0;
        for (const [s, { following }] of samples.entries()) {
          let likelihood = 0;
          for (const [t, token] of following.entries()) {
            const logit = await this.#addLogit(row(normalized, first + t), row(gradient, first + t), token, 1);
            likelihood += logit - sums.value(first + t);
          }
          // y = −mean log p; the last position predicts nothing
          const factor = -1 / following.length;
          for (let t = 0; t < state.rowsOf[s]; t++) {
            const of = row(gradient, first + t);
            for (let i = 0; i < of.length; i++) of[i] = t < following.length ? of[i] * factor : 0;
          }
          const value = factor * likelihood;
          results.push({
            value,
            token: undefined,
            probability: undefined,
            next: next[s],
            negativeLogLikelihood: value,
          });
          first += state.rowsOf[s];
        }
        return results;
      }
    }
  }

  /** Adds `sign · ∂logit/∂hidden` to a gradient; returns the logit, soft-capped. */
  async #addLogit(hidden: Float32Array, gradient: Float32Array, token: number, sign: number): Promise<number> {
    const { logit, slope } = await this.#vocabulary.logit(hidden, token);
    const embedding = await this.#vocabulary.embedding(token);
    for (let i = 0; i < hidden.length; i++) gradient[i] += sign * slope * embedding[i];
    return logit;
  }

  /** gradient −= Σ_v p_v ∂logit_v/∂hidden */
  async #subtractExpectation(
    hidden: Float32Array,
    logSumExp: Float32Array,
    gradient: Float32Array,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const { hiddenSize } = this.model;
    await this.#vocabulary.chunks(signal, async (embeddings, _from, count) => {
      await this.#vocabulary.eachRows(hidden, count, async (rows, first) => {
        const n = rows.length / hiddenSize;
        const expectation = new Float32Array(rows.length);
        await this.#vocabulary.run(
          "expectation",
          () => expectationGraph(this.model.definition),
          rows,
          embeddings,
          { expectation: tensor(expectation, n, hiddenSize) },
          { logSumExp: tensor(logSumExp.subarray(first, first + n), n, 1) },
        );
        const at = first * hiddenSize;
        for (let i = 0; i < expectation.length; i++) gradient[at + i] -= expectation[i];
      });
    });
  }

  async dispose(): Promise<void> {
    await this.#vocabulary.dispose();
  }
}

function gatherRows(values: Float32Array, rows: readonly number[], size: number): Float32Array {
  const gathered = new Float32Array(rows.length * size);
  rows.forEach((row, i) => gathered.set(values.subarray(row * size, (row + 1) * size), i * size));
  return gathered;
}
