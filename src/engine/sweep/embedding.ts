import { setImmediate } from "node:timers/promises";

import type { Model } from "../model/model";
import { elementAt } from "../numbers/elements";
import type { Batch } from "./batch";

/** What rows of the table are kept of earlier batches: a part of what the head takes later (`HEAD_BYTES`). */
const KEPT_BYTES = 32 * 2 ** 20;

/** Makes the hidden states that enter block 0. Only the rows of ids that occur are read, and those of ids that come again are kept. */
export class Embedding {
  readonly #model: Model;
  readonly #kept: number;
  /** Per id, `[hidden]`. */
  readonly #rows = new Map<number, Float32Array>();
  /** Of the first positions, `[positions, hidden]`. */
  #learned = new Float32Array();

  /** @param kept bytes of rows that are kept. */
  constructor(model: Model, kept = KEPT_BYTES) {
    this.#model = model;
    this.#kept = kept;
  }

  /** Those of a batch, `[samples, tokens, hidden]`; padding has those of id 0. */
  async states(ids: readonly Int32Array[], batch: Batch): Promise<Float32Array> {
    const { hiddenSize } = this.#model;
    const samples = batch.samples.map((sample) => elementAt(ids, sample));
    // who aborts is to have a turn: small reads, and rows that are there, wait for nothing
    await setImmediate();
    await this.#readRows(samples);
    const learned = await this.#positions(batch.tokens);
    const hidden = new Float32Array(batch.samples.length * batch.tokens * hiddenSize);
    for (const [s, sample] of samples.entries())
      for (let t = 0; t < batch.tokens; t++) {
        const row = this.#rows.get(sample[t] ?? 0);
        if (row === undefined) throw new Error("the row of a token was not read");
        const first = (s * batch.tokens + t) * hiddenSize;
        hidden.set(row, first);
        if (learned) for (let i = 0; i < hiddenSize; i++) hidden[first + i]! += learned[t * hiddenSize + i]!;
      }
    return hidden;
  }

  /** Gives back the memory of what is kept. */
  forget(): void {
    this.#rows.clear();
  }

  /** Reads the rows of the samples' ids, and of padding, that are not there. */
  async #readRows(samples: readonly Int32Array[]): Promise<void> {
    const { hiddenSize } = this.#model;
    const wanted = new Set([0]);
    for (const sample of samples) for (const id of sample) wanted.add(id);
    const isNew = (id: number): boolean => !this.#rows.has(id);
    if (4 * hiddenSize * (this.#rows.size + [...wanted].filter(isNew).length) > this.#kept) this.#rows.clear();
    const missing = [...wanted].filter(isNew);
    const read = await tokenEmbeddings(this.#model, new Map(missing.map((id, row) => [id, row])));
    missing.forEach((id, row) => this.#rows.set(id, read.subarray(row * hiddenSize, (row + 1) * hiddenSize)));
  }

  /** What the model adds to each of the first positions; undefined where it has no such table. */
  async #positions(tokens: number): Promise<Float32Array | undefined> {
    const { checkpoint, definition, hiddenSize } = this.#model;
    const { positions } = definition.embedding;
    if (positions === undefined) return undefined;
    if (this.#learned.length < tokens * hiddenSize) {
      this.#learned = new Float32Array(tokens * hiddenSize);
      await checkpoint.read(positions.weight, this.#learned, positions.offset, positions.offset + tokens);
    }
    return this.#learned;
  }
}

/** The embedding of each token, `[rows, hidden]`, in the row that is given for it: scaled, widened and normalized where the model does. */
export async function tokenEmbeddings(model: Model, rowOf: ReadonlyMap<number, number>): Promise<Float32Array> {
  const { hiddenSize, checkpoint } = model;
  const { tokens, scale, projection, norm } = model.definition.embedding;
  const width = projection?.width ?? hiddenSize;
  const stored = new Float32Array(rowOf.size * width);
  // in the order in which they lie in the file
  for (const [id, row] of [...rowOf].sort(([a], [b]) => a - b))
    await checkpoint.read(tokens, stored.subarray(row * width, (row + 1) * width), id, id + 1);
  // Gemma multiplies in the precision of its weights; float32 here, as everywhere
  if (scale !== 1) for (let i = 0; i < stored.length; i++) stored[i]! *= scale;
  if (projection === undefined && norm === undefined) return stored;

  const read = async (name: string | undefined, size: number): Promise<Float32Array | undefined> => {
    if (name === undefined) return undefined;
    const values = new Float32Array(size);
    await checkpoint.read(name, values);
    return values;
  };
  const matrix = await read(projection?.weight, hiddenSize * width);
  const widened = matrix === undefined ? stored : multiplied(stored, matrix, width);
  if (norm !== undefined) {
    const [weight, bias] = [await read(norm.weight, hiddenSize), await read(norm.bias, hiddenSize)];
    for (let row = 0; row < rowOf.size; row++)
      standardize(widened.subarray(row * hiddenSize, (row + 1) * hiddenSize), norm.epsilon, weight, bias);
  }
  return widened;
}

/** Rows `[rows, width]` by a matrix `[out, width]`: `[rows, out]`. */
function multiplied(rows: Float32Array, matrix: Float32Array, width: number): Float32Array {
  const out = matrix.length / width;
  const product = new Float32Array((rows.length / width) * out);
  for (let row = 0, at = 0; row < rows.length; row += width)
    for (let of = 0; of < matrix.length; of += width, at++) {
      let sum = 0;
      for (let i = 0; i < width; i++) sum += rows[row + i]! * matrix[of + i]!;
      product[at] = sum;
    }
  return product;
}

/** A layer norm of one row, in its place. */
function standardize(row: Float32Array, epsilon: number, weight?: Float32Array, bias?: Float32Array): void {
  const mean = row.reduce((sum, x) => sum + x, 0) / row.length;
  const variance = row.reduce((sum, x) => sum + (x - mean) ** 2, 0) / row.length;
  const deviation = Math.sqrt(variance + epsilon);
  for (let i = 0; i < row.length; i++) row[i] = ((row[i]! - mean) / deviation) * (weight?.[i] ?? 1) + (bias?.[i] ?? 0);
}
