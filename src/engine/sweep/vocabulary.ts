import type { Graph } from "../graph/graph";
import type { Model } from "../model/model";
import { tensor, type Tensors } from "../runtime/runtime";
import { names, normBackwardGraph, normGraph, weightedEmbeddingsGraph } from "./block-graphs";
import type { Profiler } from "./profiler";
import { Programs } from "./programs";
import type { RunContext } from "./run-context";

/** A chunk of the vocabulary's matrix takes about this much as float32, and so do a chunk's logits at most. */
const CHUNK_BYTES = 16 * 2 ** 20;

/** What stands behind the last block: the final norm, and the vocabulary's matrix in chunks, never whole. */
export class Vocabulary {
  readonly #model: Model;
  readonly #profiler: Profiler;
  readonly #programs: Programs;
  readonly #rows = new Map<number, Float32Array>();

  constructor({ model, runtime, profiler }: RunContext) {
    this.#model = model;
    this.#profiler = profiler;
    this.#programs = new Programs(runtime, profiler);
  }

  /** The matrix, a chunk of rows at a time: `[count, hidden]`, of the tokens from `from` on. */
  async chunks(
    signal: AbortSignal | undefined,
    use: (embeddings: Float32Array, from: number, count: number) => Promise<void>,
  ): Promise<void> {
    const { vocabularySize, hiddenSize } = this.#model;
    const size = Math.min(vocabularySize, Math.max(1, Math.floor(CHUNK_BYTES / 4 / hiddenSize)));
    const buffer = new Float32Array(size * hiddenSize);
    for (let from = 0; from < vocabularySize; from += size) {
      signal?.throwIfAborted();
      const count = Math.min(size, vocabularySize - from);
      const chunk = buffer.subarray(0, count * hiddenSize);
      await this.readRows(from, chunk);
      await use(chunk, from, count);
    }
  }

  /** Reads rows of the matrix, from that of the token `from` on, as many as `into` has room for, `[count, hidden]`. */
  async readRows(from: number, into: Float32Array): Promise<void> {
    const { hiddenSize, checkpoint, definition } = this.#model;
    const end = from + into.length / hiddenSize;
    await this.#profiler.time("reading weights", () => checkpoint.read(definition.head.weight, into, from, end));
  }

  /** Hidden states in pieces whose logits for `count` tokens stay within the chunk's size. */
  async eachRows(
    hidden: Float32Array,
    count: number,
    use: (rows: Float32Array, first: number) => Promise<void>,
  ): Promise<void> {
    const { hiddenSize } = this.#model;
    const size = Math.max(1, Math.floor(CHUNK_BYTES / 4 / count));
    const rows = hidden.length / hiddenSize;
    for (let first = 0; first < rows; first += size)
      await use(hidden.subarray(first * hiddenSize, Math.min(rows, first + size) * hiddenSize), first);
  }

  /** Runs a graph of normalized hidden states and a chunk's embeddings. */
  async run(
    name: string,
    graph: () => Graph,
    rows: Float32Array,
    embeddings: Float32Array,
    outputs: Tensors,
    more: Tensors = {},
  ): Promise<void> {
    const { hiddenSize } = this.#model;
    const program = await this.#programs.get(name, graph);
    const inputs = {
      hidden: tensor(rows, rows.length / hiddenSize, hiddenSize),
      embeddings: tensor(embeddings, embeddings.length / hiddenSize, hiddenSize),
      ...more,
    };
    await this.#profiler.time("head", () => program.run(inputs, outputs));
  }

  /** `coefficients` `[rows, chunk]` times a chunk's embeddings: `[rows, hidden]`. */
  async weigh(coefficients: Float32Array, embeddings: Float32Array): Promise<Float32Array> {
    const { hiddenSize, definition } = this.#model;
    const chunk = embeddings.length / hiddenSize;
    const rows = coefficients.length / chunk;
    const sum = new Float32Array(rows * hiddenSize);
    const program = await this.#programs.get("weighted", () => weightedEmbeddingsGraph(definition));
    const inputs = {
      coefficients: tensor(coefficients, rows, chunk),
      embeddings: tensor(embeddings, chunk, hiddenSize),
    };
    await this.#profiler.time("head", () => program.run(inputs, { sum: tensor(sum, rows, hiddenSize) }));
    return sum;
  }

  /** A token's row of the matrix. */
  async embedding(token: number): Promise<Float32Array> {
    let row = this.#rows.get(token);
    if (row === undefined) {
      row = new Float32Array(this.#model.hiddenSize);
      await this.#model.checkpoint.read(this.#model.definition.head.weight, row, token, token + 1);
      this.#rows.set(token, row);
    }
    return row;
  }

  /**
   * A token's logit after normalized `hidden`, `[hidden]`, soft-capped, and its slope `∂logit/∂(hidden · embedding)`. Summed up in
   * float64: every logit of a single token that a result tells is this one.
   */
  async logit(hidden: Float32Array, token: number): Promise<{ logit: number; slope: number }> {
    const { softcap } = this.#model.definition.head;
    const embedding = await this.embedding(token);
    let raw = 0;
    for (let i = 0; i < hidden.length; i++) raw += hidden[i]! * embedding[i]!;
    if (softcap === undefined) return { logit: raw, slope: 1 };
    const bounded = Math.tanh(raw / softcap);
    return { logit: softcap * bounded, slope: 1 - bounded * bounded };
  }

  /** Hidden states `[rows, hidden]` behind the final norm. */
  async normalize(rows: Float32Array): Promise<Float32Array> {
    const { hiddenSize } = this.#model;
    const output = new Float32Array(rows.length);
    const program = await this.#programs.get("norm", () => normGraph(this.#model.definition));
    const { weight, bias } = await this.#normWeights();
    const inputs = { rows: tensor(rows, rows.length / hiddenSize, hiddenSize), ...weight, ...bias };
    await program.run(inputs, { [names.output]: tensor(output, rows.length / hiddenSize, hiddenSize) });
    return output;
  }

  /** The gradient in front of the final norm, `[rows, hidden]`, from that behind it. */
  async normalizeBackward(rows: Float32Array, gradient: Float32Array): Promise<Float32Array> {
    const { hiddenSize, definition } = this.#model;
    const output = new Float32Array(rows.length);
    const program = await this.#programs.get("normBackward", () => normBackwardGraph(definition));
    const shape = [rows.length / hiddenSize, hiddenSize];
    // the bias has no part in the gradient
    const { weight } = await this.#normWeights();
    const inputs = { rows: tensor(rows, ...shape), ...weight, [names.outputGradient]: tensor(gradient, ...shape) };
    await program.run(inputs, { [names.inputGradient]: tensor(output, ...shape) });
    return output;
  }

  /** The final norm's weight and bias, if it has one, each by its name. */
  async #normWeights(): Promise<{ weight: Tensors; bias: Tensors }> {
    const { hiddenSize, definition, checkpoint } = this.#model;
    const { weight, bias } = definition.head.norm;
    const read = async (name: string): Promise<Tensors> => {
      const values = new Float32Array(hiddenSize);
      await checkpoint.read(name, values);
      return { [name]: tensor(values, hiddenSize) };
    };
    return { weight: await read(weight), bias: bias === undefined ? {} : await read(bias) };
  }

  async dispose(): Promise<void> {
    await this.#programs.dispose();
  }
}
