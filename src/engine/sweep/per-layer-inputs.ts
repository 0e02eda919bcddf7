import { ParamscopeError } from "../errors";
import type { Graph } from "../graph/graph";
import type { PerLayerInput } from "../model/architectures/architecture";
import { BlockBuilder } from "../model/architectures/block-builder";
import { tensor, type FloatTensor } from "../runtime/runtime";
import { tokenEmbeddings } from "./embedding";
import { Programs } from "./programs";
import type { RunContext } from "./run-context";

/** Tokens whose inputs are computed at once. */
const CHUNK = 512;
const OUTPUT = "read";

/**
 * What a layer reads of the tokens beside hidden states. It depends on nothing but the token's id: of every layer the inputs of the ids that occur are
 * computed once, from those rows of both tables that they need.
 */
export class PerLayerInputs {
  readonly #context: RunContext;
  readonly #input: PerLayerInput;
  readonly #programs: Programs;
  #layer = -1;
  /** The inputs of each id that has occurred in the layer, `[size]`. */
  readonly #ofIds = new Map<number, Float32Array>();
  #projection = new Float32Array(0);
  #norm = new Float32Array(0);

  constructor(context: RunContext, input: PerLayerInput) {
    this.#context = context;
    this.#input = input;
    this.#programs = new Programs(context.runtime, context.profiler);
  }

  /**
   * Those of texts in a layer, `[samples, tokens, size]`; padding has those of id 0, as hidden states have.
   * @throws ParamscopeError when an id is beyond the layers' table.
   */
  async at(layer: number, texts: readonly Int32Array[], tokens: number): Promise<FloatTensor> {
    const { size } = this.#input;
    if (layer !== this.#layer) await this.#begin(layer);
    const missing = new Set(texts.flatMap((ids) => [...ids.subarray(0, tokens)]));
    missing.add(0);
    for (const id of this.#ofIds.keys()) missing.delete(id);
    const ids = [...missing].sort((a, b) => a - b);
    for (let from = 0; from < ids.length; from += CHUNK) await this.#compute(ids.slice(from, from + CHUNK));

    const read = new Float32Array(texts.length * tokens * size);
    texts.forEach((own, sample) => {
      for (let t = 0; t < tokens; t++) {
        const values = this.#ofIds.get(own[t] ?? 0);
        if (values !== undefined) read.set(values, (sample * tokens + t) * size);
      }
    });
    return tensor(read, texts.length, tokens, size);
  }

  async #begin(layer: number): Promise<void> {
    const { model } = this.#context;
    const { size, projection, norm } = this.#input;
    this.#layer = -1;
    this.#ofIds.clear();
    this.#projection = new Float32Array(size * model.hiddenSize);
    await model.checkpoint.read(projection, this.#projection, layer * size, (layer + 1) * size);
    this.#norm = new Float32Array(size);
    if (norm.weight !== undefined) await model.checkpoint.read(norm.weight, this.#norm);
    this.#layer = layer;
  }

  async #compute(ids: readonly number[]): Promise<void> {
    const { model } = this.#context;
    const { size, norm } = this.#input;
    const { hiddenSize } = model;
    const embedded = await tokenEmbeddings(model, new Map(ids.map((id, row) => [id, row])));
    const read = new Float32Array(ids.length * size);
    const program = await this.#programs.get("per layer", () => perLayerGraph(this.#input, hiddenSize));
    await program.run(
      {
        embedded: tensor(embedded, ids.length, hiddenSize),
        rows: tensor(await this.#rowsOf(ids), ids.length, size),
        projection: tensor(this.#projection, size, hiddenSize),
        ...(norm.weight !== undefined && { [norm.weight]: tensor(this.#norm, size) }),
      },
      { [OUTPUT]: tensor(read, ids.length, size) },
    );
    ids.forEach((id, row) => this.#ofIds.set(id, read.slice(row * size, (row + 1) * size)));
  }

  /** The layer's part of each id's row in the table that all layers share, `[ids, size]`. */
  async #rowsOf(ids: readonly number[]): Promise<Float32Array> {
    const { model } = this.#context;
    const { size, tokens, vocabularySize } = this.#input;
    const row = new Float32Array(model.layers * size);
    const rows = new Float32Array(ids.length * size);
    for (const [i, id] of ids.entries()) {
      if (id >= vocabularySize)
        throw new ParamscopeError(
          `The tokenizer gives the id ${id}, and what layers read of tokens is there for ${vocabularySize} ids.`,
          "The tokenizer and the weights are of different models: get both from one place.",
        );
      await model.checkpoint.read(tokens, row, id, id + 1);
      rows.set(row.subarray(this.#layer * size, (this.#layer + 1) * size), i * size);
    }
    return rows;
  }

  async dispose(): Promise<void> {
    await this.#programs.dispose();
  }
}

/** `(norm(projection · e / √hidden) + √size · r) / √2` of embeddings e, `[count, hidden]`, and rows r, `[count, size]`. */
function perLayerGraph({ size, norm }: PerLayerInput, hiddenSize: number): Graph {
  const b = new BlockBuilder(hiddenSize, false);
  const embedded = b.input("embedded", ["count", hiddenSize]);
  const projection = b.input("projection", [size, hiddenSize]);
  const projected = b.matmul(embedded, projection, { transposeB: true, scale: 1 / Math.sqrt(hiddenSize) });
  const rows = b.multiply(b.input("rows", ["count", size]), Math.sqrt(size));
  return b.graph(new Map([[OUTPUT, b.multiply(b.add(b.normalize(projected, norm), rows), Math.SQRT1_2)]]));
}
