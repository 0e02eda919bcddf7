import type { Graph } from "../graph/graph";
import type { Model } from "../model/model";
import { tensor, type Runtime, type Tensor } from "../runtime/runtime";
import { expectationGraph, logitsGraph, logSumExpGraph, names, normBackwardGraph, normGraph } from "./block-graphs";
import { concatenate } from "./concatenate";
import type { Profiler } from "./profiler";
import { Programs } from "./programs";
import type { Target } from "./target";
import { LogSumExp, TopLogits, type NextToken } from "./top-logits";

/** A chunk of the vocabulary's matrix takes about this much as float32, and so do a chunk's logits at most. */
const CHUNK_BYTES = 16 * 2 ** 20;

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
  readonly #programs: Programs;

  constructor(
    private readonly model: Model,
    runtime: Runtime,
    private readonly profiler: Profiler,
  ) {
    this.#programs = new Programs(runtime, profiler);
  }

  async run(samples: readonly HeadSample[], target: Target, signal?: AbortSignal): Promise<HeadResult[]> {
    const { hiddenSize } = this.model;
    const loss = target.kind === "loss";
    const raw = concatenate(samples.map(({ hidden }) => hidden));
    const normalized = await this.#norm(raw);
    const rowsOf = samples.map(({ hidden }) => hidden.length / hiddenSize);
    const lastRow: number[] = [];
    rowsOf.reduce((end, rows) => (lastRow.push(end + rows - 1), end + rows), 0);
    const lasts = gatherRows(normalized, lastRow, hiddenSize);

    const scan = new TopLogits(samples.length);
    const sums = new LogSumExp(loss ? normalized.length / hiddenSize : 0);
    await this.#chunks(signal, async (embeddings, from, count) => {
      await this.#eachRows(lasts, count, async (rows, first) => {
        const logits = new Float32Array((rows.length / hiddenSize) * count);
        await this.#run("logits", () => logitsGraph(this.model.definition), rows, embeddings, count, {
          logits: tensor(logits, rows.length / hiddenSize, count),
        });
        scan.add(logits, first, from, count);
      });
      if (loss)
        await this.#eachRows(normalized, count, async (rows, first) => {
          const n = rows.length / hiddenSize;
          const [largest, sum] = [new Float32Array(n), new Float32Array(n)];
          await this.#run("logSumExp", () => logSumExpGraph(this.model.definition), rows, embeddings, count, {
            largest: tensor(largest, n, 1),
            sum: tensor(sum, n, 1),
          });
          sums.add(first, largest, sum);
        });
    });

    const gradient = new Float32Array(normalized.length);
    const results = await this.#results(samples, target, { lasts, normalized, gradient, scan, sums, rowsOf }, signal);
    const back = await this.#normBackward(raw, gradient);
    let at = 0;
    for (const { hidden } of samples) {
      hidden.set(back.subarray(at, at + hidden.length));
      at += hidden.length;
    }
    return results;
  }

  async #results(
    samples: readonly HeadSample[],
    target: Target,
    state: {
      lasts: Float32Array;
      normalized: Float32Array;
      gradient: Float32Array;
      scan: TopLogits;
      sums: LogSumExp;
      rowsOf: readonly number[];
    },
    signal: AbortSignal | undefined,
  ): Promise<HeadResult[]> {
    const { lasts, normalized, gradient, scan, sums } = state;
    const { hiddenSize } = this.model;
    const row = (values: Float32Array, i: number): Float32Array =>
      values.subarray(i * hiddenSize, (i + 1) * hiddenSize);
    const next = samples.map((_, s) => scan.next(s));

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
          const probability = Math.exp(first - scan.logSumExp(s));
          results.push({ value: first - second, token: target.token, probability, next: tokens });
        }
        return results;
      }
      case "next-token": {
        await this.#subtractExpectation(
          lasts,
          Float32Array.from(samples, (_, s) => scan.logSumExp(s)),
          gradient,
          signal,
        );
        const results: HeadResult[] = [];
        for (const [s, { following }] of samples.entries()) {
          const [token] = following;
          const logit = await this.#addLogit(row(lasts, s), row(gradient, s), token, 1);
          const value = logit - scan.logSumExp(s);
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
    const { softcap } = this.model.definition.head;
    const embedding = await this.#embedding(token);
    let logit = 0;
    for (let i = 0; i < hidden.length; i++) logit += hidden[i] * embedding[i];
    const bounded = softcap === undefined ? 0 : Math.tanh(logit / softcap);
    const slope = softcap === undefined ? sign : sign * (1 - bounded * bounded);
    for (let i = 0; i < hidden.length; i++) gradient[i] += slope * embedding[i];
    return softcap === undefined ? logit : softcap * bounded;
  }

  readonly #rows = new Map<number, Float32Array>();

  async #embedding(token: number): Promise<Float32Array> {
    let row = this.#rows.get(token);
    if (row === undefined) {
      row = new Float32Array(this.model.hiddenSize);
      await this.model.checkpoint.read(this.model.definition.head.weight, row, token, token + 1);
      this.#rows.set(token, row);
    }
    return row;
  }

  /** gradient −= Σ_v p_v ∂logit_v/∂hidden */
  async #subtractExpectation(
    hidden: Float32Array,
    logSumExp: Float32Array,
    gradient: Float32Array,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const { hiddenSize } = this.model;
    await this.#chunks(signal, async (embeddings, _from, count) => {
      await this.#eachRows(hidden, count, async (rows, first) => {
        const n = rows.length / hiddenSize;
        const expectation = new Float32Array(rows.length);
        await this.#run(
          "expectation",
          () => expectationGraph(this.model.definition),
          rows,
          embeddings,
          count,
          { expectation: tensor(expectation, n, hiddenSize) },
          { logSumExp: tensor(logSumExp.subarray(first, first + n), n, 1) },
        );
        const at = first * hiddenSize;
        for (let i = 0; i < expectation.length; i++) gradient[at + i] -= expectation[i];
      });
    });
  }

  /** The vocabulary's matrix, a chunk of rows at a time. */
  async #chunks(
    signal: AbortSignal | undefined,
    use: (embeddings: Float32Array, from: number, count: number) => Promise<void>,
  ): Promise<void> {
    const { vocabularySize, hiddenSize, checkpoint, definition } = this.model;
    const size = Math.min(vocabularySize, Math.max(1, Math.floor(CHUNK_BYTES / 4 / hiddenSize)));
    const buffer = new Float32Array(size * hiddenSize);
    for (let from = 0; from < vocabularySize; from += size) {
      signal?.throwIfAborted();
      const count = Math.min(size, vocabularySize - from);
      const chunk = buffer.subarray(0, count * hiddenSize);
      await this.profiler.time("reading weights", () =>
        checkpoint.read(definition.head.weight, chunk, from, from + count),
      );
      await use(chunk, from, count);
    }
  }

  /** Rows in pieces whose logits stay within the chunk's size. */
  async #eachRows(
    hidden: Float32Array,
    count: number,
    use: (rows: Float32Array, first: number) => Promise<void>,
  ): Promise<void> {
    const { hiddenSize } = this.model;
    const size = Math.max(1, Math.floor(CHUNK_BYTES / 4 / count));
    const rows = hidden.length / hiddenSize;
    for (let first = 0; first < rows; first += size)
      await use(hidden.subarray(first * hiddenSize, Math.min(rows, first + size) * hiddenSize), first);
  }

  async #run(
    name: string,
    graph: () => Graph,
    rows: Float32Array,
    embeddings: Float32Array,
    count: number,
    outputs: Record<string, Tensor>,
    more: Record<string, Tensor> = {},
  ): Promise<void> {
    const { hiddenSize } = this.model;
    const program = await this.#programs.get(name, graph);
    const inputs = {
      hidden: tensor(rows, rows.length / hiddenSize, hiddenSize),
      embeddings: tensor(embeddings, count, hiddenSize),
      ...more,
    };
    await this.profiler.time("head", () => program.run(inputs, outputs));
  }

  async #norm(rows: Float32Array): Promise<Float32Array> {
    const { hiddenSize } = this.model;
    const output = new Float32Array(rows.length);
    const program = await this.#programs.get("norm", () => normGraph(this.model.definition));
    const inputs = { rows: tensor(rows, rows.length / hiddenSize, hiddenSize), ...(await this.#normWeights()) };
    await program.run(inputs, { [names.output]: tensor(output, rows.length / hiddenSize, hiddenSize) });
    return output;
  }

  async #normBackward(rows: Float32Array, gradient: Float32Array): Promise<Float32Array> {
    const { hiddenSize, definition } = this.model;
    const output = new Float32Array(rows.length);
    const program = await this.#programs.get("normBackward", () => normBackwardGraph(definition));
    const shape = [rows.length / hiddenSize, hiddenSize];
    const { bias, weight } = definition.head.norm;
    const weights = await this.#normWeights();
    // the bias has no part in the gradient
    const inputs: Record<string, Tensor> = {
      rows: tensor(rows, ...shape),
      [weight]: weights[weight],
      [names.outputGradient]: tensor(gradient, ...shape),
    };
    if (bias !== undefined) delete inputs[bias];
    await program.run(inputs, { [names.inputGradient]: tensor(output, ...shape) });
    return output;
  }

  async #normWeights(): Promise<Record<string, Tensor>> {
    const { hiddenSize, definition, checkpoint } = this.model;
    const { weight, bias } = definition.head.norm;
    const weights: Record<string, Tensor> = {};
    for (const name of bias === undefined ? [weight] : [weight, bias]) {
      const values = new Float32Array(hiddenSize);
      await checkpoint.read(name, values);
      weights[name] = tensor(values, hiddenSize);
    }
    return weights;
  }

  async dispose(): Promise<void> {
    await this.#programs.dispose();
  }
}

function gatherRows(values: Float32Array, rows: readonly number[], size: number): Float32Array {
  const gathered = new Float32Array(rows.length * size);
  rows.forEach((row, i) => gathered.set(values.subarray(row * size, (row + 1) * size), i * size));
  return gathered;
}
