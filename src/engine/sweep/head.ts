import type { Model } from "../model/model";
import { elementAt } from "../numbers/elements";
import { tensor } from "../runtime/runtime";
import { expectationGraph, logitsGraph, logSumExpGraph } from "./block-graphs";
import { concatenate } from "./concatenate";
import type { RunContext } from "./run-context";
import { Spread } from "./spread";
import { readsManyPositions, type LogitTarget, type Target } from "./target";
import { LogSumExp, TOLD, TopLogits, type NextToken } from "./top-logits";
import { Vocabulary } from "./vocabulary";

/** What the model says after a sample's last token, and y. */
export interface HeadResult {
  readonly value: number;
  readonly token: number | undefined;
  readonly probability: number | undefined;
  /** The likeliest next tokens at the position of the target (`loss`: the last; `answer`: before it), the likeliest first. */
  readonly next: readonly NextToken[];
  /** The same and more of them, to look another text's up in. */
  readonly likely: readonly NextToken[];
  /** Mean negative log-likelihood of x_2 … x_T; only with `loss`. */
  readonly negativeLogLikelihood?: number;
  /** −log p of the token that follows in the text (`HeadSample.next`), in nats. */
  readonly loss?: number;
}

/** A sample at the head: the last block's output at the positions that the target reads. */
export interface HeadSample {
  /** `[rows, hidden]`: one row, with `loss` every position, with `answer` those that predict its tokens. */
  readonly hidden: Float32Array;
  /** The token that `next-token` predicts, those that `loss` predicts from positions 0 … rows − 2, or the answer's. */
  readonly following: readonly number[];
  /** The token that follows in the text, where its loss is wanted whatever the target. */
  readonly next?: number | undefined;
}

/** A sample's rows behind the final norm, and what is known of their logits. */
interface NormalizedRows {
  /** `[rows, width]` */
  readonly normalized: Float32Array;
  /** ∂y/∂`normalized`, less what the expectation takes of it, to be filled in. */
  readonly gradient: Float32Array;
  /** y of `spread`, whose gradient it adds to the given one. */
  readonly spread: (gradient: Float32Array) => number;
  /** The log of the sum of exp of a row's logits: of each row with `loss` and `answer`, else of the one that there is. */
  readonly logSumExp: (row: number) => number;
  readonly next: readonly NextToken[];
  readonly following: readonly number[];
}

/**
 * Final norm and vocabulary, in chunks of the vocabulary: never all logits at once, and the matrix never whole.
 * Returns y per sample and replaces `hidden` of every sample by ∂y/∂hidden.
 */
export class Head {
  readonly #model: Model;
  readonly #vocabulary: Vocabulary;

  constructor(context: RunContext) {
    this.#model = context.model;
    this.#vocabulary = new Vocabulary(context);
  }

  /** y of every sample, in their order. */
  async run(samples: readonly HeadSample[], target: Target, signal?: AbortSignal): Promise<HeadResult[]> {
    const { width } = this.#vocabulary;
    const many = readsManyPositions(target);
    const raw = concatenate(samples.map(({ hidden }) => hidden));
    const normalized = await this.#vocabulary.normalize(raw);
    let end = 0;
    const lengths = samples.map(({ hidden }) => (hidden.length / this.#model.hiddenSize) * width);
    const ranges = lengths.map((length) => ({ from: end, to: (end += length) }));
    const told = concatenate(
      ranges.map(({ from, to }) => {
        const row = target.kind === "answer" ? from : to - width;
        return normalized.subarray(row, row + width);
      }),
    );

    const top = new TopLogits(samples.length);
    const sumsOfTold = new LogSumExp(samples.length);
    const sums = new LogSumExp(many ? normalized.length / width : 0);
    const { softcap } = this.#model.definition.head;
    const spread = target.kind === "spread" ? new Spread(this.#vocabulary, samples.length, width, softcap) : undefined;
    await this.#vocabulary.chunks(signal, async (embeddings, from, count) => {
      await this.#vocabulary.eachRows(told, count, async (rows, first) => {
        const n = rows.length / width;
        const logits = new Float32Array(n * count);
        const [largest, sum] = [new Float32Array(n), new Float32Array(n)];
        await this.#vocabulary.run("logits", () => logitsGraph(this.#model.definition), rows, embeddings, {
          logits: tensor(logits, n, count),
          largest: tensor(largest, n, 1),
          sum: tensor(sum, n, 1),
        });
        top.add(first, logits, from, count);
        sumsOfTold.add(first, largest, sum);
        await spread?.add(first, logits, count, embeddings);
      });
      if (many)
        await this.#vocabulary.eachRows(normalized, count, async (rows, first) => {
          const n = rows.length / width;
          const [largest, sum] = [new Float32Array(n), new Float32Array(n)];
          await this.#vocabulary.run("logSumExp", () => logSumExpGraph(this.#model.definition), rows, embeddings, {
            largest: tensor(largest, n, 1),
            sum: tensor(sum, n, 1),
          });
          sums.add(first, largest, sum);
        });
    });

    const gradient = new Float32Array(normalized.length);
    if (many) await this.#subtractExpectation(normalized, sums.values(), gradient, signal);
    if (target.kind === "next-token")
      await this.#subtractExpectation(normalized, sumsOfTold.values(), gradient, signal);
    const results: HeadResult[] = [];
    for (const [s, { following, next }] of samples.entries()) {
      const { from, to } = elementAt(ranges, s);
      const likely = top.likely(s, sumsOfTold.value(s));
      const rows = {
        normalized: normalized.subarray(from, to),
        gradient: gradient.subarray(from, to),
        spread: (own: Float32Array) => spread?.result(s, own) ?? 0,
        logSumExp: (row: number) => (many ? sums.value(from / width + row) : sumsOfTold.value(s)),
        next: likely.slice(0, TOLD),
        following,
      };
      const ofNext = next === undefined ? {} : { loss: sumsOfTold.value(s) - (await this.#logit(told, s, next)) };
      results.push({ ...(await this.#result(target, rows)), likely, ...ofNext });
    }
    const back = await this.#vocabulary.normalizeBackward(raw, gradient);
    let done = 0;
    for (const { hidden } of samples) hidden.set(back.subarray(done, (done += hidden.length)));
    return results;
  }

  /** y of a logit target for each row of `hidden`, `[rows, hidden]`: of the vocabulary's matrix only the tokens' rows are read. */
  async logitValues(hidden: Float32Array, target: LogitTarget): Promise<number[]> {
    const { width } = this.#vocabulary;
    const normalized = await this.#vocabulary.normalize(hidden);
    const values: number[] = [];
    for (let from = 0; from < normalized.length; from += width) {
      let value = 0;
      for (const { token, sign } of termsOf(target))
        value += sign * (await this.#vocabulary.logit(normalized.subarray(from, from + width), token)).logit;
      values.push(value);
    }
    return values;
  }

  async #result(target: Target, rows: NormalizedRows): Promise<Omit<HeadResult, "likely">> {
    const { normalized, gradient, logSumExp, next, following } = rows;
    switch (target.kind) {
      case "spread":
        return { value: rows.spread(gradient), token: undefined, probability: undefined, next };
      case "max-logit": {
        const { id } = elementAt(next, 0);
        const value = await this.#addLogit(normalized, gradient, id, 1);
        return { value, token: id, probability: Math.exp(value - logSumExp(0)), next };
      }
      case "logit": {
        const logits: number[] = [];
        let value = 0;
        for (const { token, sign } of termsOf(target)) {
          const logit = await this.#addLogit(normalized, gradient, token, sign);
          value += sign * logit;
          logits.push(logit);
        }
        return { value, token: target.token, probability: Math.exp(elementAt(logits, 0) - logSumExp(0)), next };
      }
      case "next-token": {
        const token = elementAt(following, 0);
        const value = (await this.#addLogit(normalized, gradient, token, 1)) - logSumExp(0);
        return { value, token, probability: Math.exp(value), next };
      }
      case "loss": {
        const value = await this.#likelihood(rows, -1 / following.length);
        return { value, token: undefined, probability: undefined, next, negativeLogLikelihood: value };
      }
      case "answer": {
        const value = await this.#likelihood(rows, 1);
        return { value, token: undefined, probability: Math.exp(value), next };
      }
    }
  }

  /** The logit of a token in one of the rows, soft-capped. */
  async #logit(rows: Float32Array, row: number, token: number): Promise<number> {
    const { width } = this.#vocabulary;
    return (await this.#vocabulary.logit(rows.subarray(row * width, (row + 1) * width), token)).logit;
  }

  /** y = `factor` · Σ log p of the tokens that follow; where `loss` is asked the last position predicts nothing. */
  async #likelihood({ normalized, gradient, logSumExp, following }: NormalizedRows, factor: number): Promise<number> {
    const { width } = this.#vocabulary;
    let likelihood = 0;
    for (const [t, token] of following.entries()) {
      const [from, to] = [t * width, (t + 1) * width];
      const logit = await this.#addLogit(normalized.subarray(from, to), gradient.subarray(from, to), token, 1);
      likelihood += logit - logSumExp(t);
    }
    const predicting = following.length * width;
    for (let i = 0; i < predicting; i++) gradient[i]! *= factor;
    gradient.fill(0, predicting);
    return factor * likelihood;
  }

  /** Adds `sign · ∂logit/∂hidden` to a gradient; returns the logit, soft-capped. */
  async #addLogit(hidden: Float32Array, gradient: Float32Array, token: number, sign: number): Promise<number> {
    const { logit, slope } = await this.#vocabulary.logit(hidden, token);
    const embedding = await this.#vocabulary.embedding(token);
    for (let i = 0; i < hidden.length; i++) gradient[i]! += sign * slope * embedding[i]!;
    return logit;
  }

  /** gradient −= Σ_v p_v ∂logit_v/∂hidden */
  async #subtractExpectation(
    hidden: Float32Array,
    logSumExp: Float32Array,
    gradient: Float32Array,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const { width } = this.#vocabulary;
    await this.#vocabulary.chunks(signal, async (embeddings, _from, count) => {
      await this.#vocabulary.eachRows(hidden, count, async (rows, first) => {
        const n = rows.length / width;
        const expectation = new Float32Array(rows.length);
        await this.#vocabulary.run(
          "expectation",
          () => expectationGraph(this.#model.definition),
          rows,
          embeddings,
          { expectation: tensor(expectation, n, width) },
          { logSumExp: tensor(logSumExp.subarray(first, first + n), n, 1) },
        );
        const start = first * width;
        for (let i = 0; i < expectation.length; i++) gradient[start + i]! -= expectation[i]!;
      });
    });
  }

  async dispose(): Promise<void> {
    await this.#vocabulary.dispose();
  }
}

/** The tokens of a logit target: y is the sum of their logits, each by its sign. */
function termsOf({ token, minus }: LogitTarget): { readonly token: number; readonly sign: 1 | -1 }[] {
  return minus === undefined
    ? [{ token, sign: 1 }]
    : [
        { token, sign: 1 },
        { token: minus, sign: -1 },
      ];
}
