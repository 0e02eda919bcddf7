import type { Graph } from "../graph/graph";
import type { Model } from "../model/model";
import { tensor, type Program, type Tensor, type Tensors } from "../runtime/runtime";
import { headWidth, names, normBackwardGraph, normGraph, weightedEmbeddingsGraph } from "./block-graphs";
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
  #bias: Float32Array | undefined;

  constructor({ model, runtime, profiler }: RunContext) {
    this.#model = model;
    this.#profiler = profiler;
    this.#programs = new Programs(runtime, profiler);
  }

  /** The length of its rows, and of the hidden states that meet them. */
  get width(): number {
    return headWidth(this.#model.definition);
  }

  /** The matrix, a chunk of rows at a time: `[count, width]`, of the tokens from `from` on. */
  async chunks(
    signal: AbortSignal | undefined,
    use: (embeddings: Float32Array, from: number, count: number) => Promise<void>,
  ): Promise<void> {
    const { width } = this;
    const { vocabularySize } = this.#model;
    const size = Math.min(vocabularySize, Math.max(1, Math.floor(CHUNK_BYTES / 4 / width)));
    const buffer = new Float32Array(size * width);
    for (let from = 0; from < vocabularySize; from += size) {
      signal?.throwIfAborted();
      const count = Math.min(size, vocabularySize - from);
      const chunk = buffer.subarray(0, count * width);
      await this.readRows(from, chunk);
      await use(chunk, from, count);
    }
  }

  /** Reads rows of the matrix, from that of the token `from` on, as many as `into` has room for, `[count, width]`. */
  async readRows(from: number, into: Float32Array): Promise<void> {
    const { checkpoint, definition } = this.#model;
    const { weight, bias } = definition.head;
    const { width } = this;
    const count = into.length / width;
    await this.#profiler.time("reading weights", async () => {
      if (bias === undefined) return await checkpoint.read(weight, into, from, from + count);
      const stored = new Float32Array(count * (width - 1));
      await checkpoint.read(weight, stored, from, from + count);
      const biases = await this.#readBias(bias);
      for (let i = 0; i < count; i++) {
        into.set(stored.subarray(i * (width - 1), (i + 1) * (width - 1)), i * width);
        into[(i + 1) * width - 1] = biases[from + i]!;
      }
    });
  }

  /** The bias of every token. */
  async #readBias(name: string): Promise<Float32Array> {
    if (this.#bias === undefined) {
      this.#bias = new Float32Array(this.#model.vocabularySize);
      await this.#model.checkpoint.read(name, this.#bias);
    }
    return this.#bias;
  }

  /** Hidden states in pieces whose logits for `count` tokens stay within the chunk's size. */
  async eachRows(
    hidden: Float32Array,
    count: number,
    use: (rows: Float32Array, first: number) => Promise<void>,
  ): Promise<void> {
    const { width } = this;
    const size = Math.max(1, Math.floor(CHUNK_BYTES / 4 / count));
    const rows = hidden.length / width;
    for (let first = 0; first < rows; first += size)
      await use(hidden.subarray(first * width, Math.min(rows, first + size) * width), first);
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
    const { width } = this;
    const program = await this.#programs.get(name, graph);
    const inputs = {
      hidden: tensor(rows, rows.length / width, width),
      embeddings: tensor(embeddings, embeddings.length / width, width),
      ...more,
    };
    await this.#profiler.time("head", () => program.run(inputs, outputs));
  }

  /** `coefficients` `[rows, chunk]` times a chunk's embeddings: `[rows, width]`. */
  async weigh(coefficients: Float32Array, embeddings: Float32Array): Promise<Float32Array> {
    const { width } = this;
    const chunk = embeddings.length / width;
    const rows = coefficients.length / chunk;
    const sum = new Float32Array(rows * width);
    const program = await this.#programs.get("weighted", () => weightedEmbeddingsGraph(this.#model.definition));
    const inputs = {
      coefficients: tensor(coefficients, rows, chunk),
      embeddings: tensor(embeddings, chunk, width),
    };
    await this.#profiler.time("head", () => program.run(inputs, { sum: tensor(sum, rows, width) }));
    return sum;
  }

  /** A token's row of the matrix. */
  async embedding(token: number): Promise<Float32Array> {
    let row = this.#rows.get(token);
    if (row === undefined) {
      row = new Float32Array(this.width);
      await this.readRows(token, row);
      this.#rows.set(token, row);
    }
    return row;
  }

  /**
   * A token's logit after normalized `hidden`, `[width]`, soft-capped, and its slope `∂logit/∂(hidden · embedding)`. Summed up in
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

  /** Hidden states as they meet the vocabulary, `[rows, width]`, from those behind the last block, `[rows, hidden]`: normalized above all. */
  async normalize(rows: Float32Array): Promise<Float32Array> {
    const { width } = this;
    const { hiddenSize, definition } = this.#model;
    const count = rows.length / hiddenSize;
    const output = new Float32Array(count * width);
    const { graph, program } = await this.#program("norm", () => normGraph(definition));
    const inputs = { rows: tensor(rows, count, hiddenSize), ...(await this.#weightsOf(graph)) };
    await program.run(inputs, { [names.output]: tensor(output, count, width) });
    return output;
  }

  /** The gradient behind the last block, `[rows, hidden]`, from that in front of the vocabulary, `[rows, width]`. */
  async normalizeBackward(rows: Float32Array, gradient: Float32Array): Promise<Float32Array> {
    const { hiddenSize, definition } = this.#model;
    const count = rows.length / hiddenSize;
    const output = new Float32Array(rows.length);
    const { graph, program } = await this.#program("normBackward", () => normBackwardGraph(definition));
    const all: Tensors = {
      rows: tensor(rows, count, hiddenSize),
      [names.outputGradient]: tensor(gradient, count, this.width),
    };
    // without a norm the hidden states themselves have no part in it
    const asked = graph.inputs.map(({ attributes: { name } }) => name).filter((name) => name in all);
    const inputs = Object.fromEntries(asked.map((name) => [name, all[name]!]));
    const weights = await this.#weightsOf(graph);
    await program.run({ ...inputs, ...weights }, { [names.inputGradient]: tensor(output, count, hiddenSize) });
    return output;
  }

  async #program(name: string, build: () => Graph): Promise<{ graph: Graph; program: Program }> {
    const graph = build();
    return { graph, program: await this.#programs.get(name, () => graph) };
  }

  /** The weights that a graph in front of the vocabulary takes: the final norm's, a projection. */
  async #weightsOf({ inputs }: Graph): Promise<Tensors> {
    const { checkpoint } = this.#model;
    const weights: Record<string, Tensor> = {};
    for (const { attributes, shape } of inputs) {
      if (!checkpoint.tensors.has(attributes.name)) continue;
      const sizes = shape.map(Number);
      const values = new Float32Array(sizes.reduce((a, b) => a * b, 1));
      await checkpoint.read(attributes.name, values);
      weights[attributes.name] = tensor(values, ...sizes);
    }
    return weights;
  }

  async dispose(): Promise<void> {
    await this.#programs.dispose();
  }
}
