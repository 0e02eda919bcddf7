import type { Model } from "../model/model";
import { elementAt } from "../numbers/elements";
import type { Batch } from "./batch";

/**
 * The hidden states that enter block 0, `[samples, tokens, hidden]`; padding has those of id 0. Only the rows of ids that
 * occur are read.
 */
export async function embed(model: Model, ids: readonly Int32Array[], batch: Batch): Promise<Float32Array> {
  const { hiddenSize, checkpoint } = model;
  const { positions } = model.definition.embedding;
  const rowOf = new Map<number, number>([[0, 0]]);
  const samples = batch.samples.map((sample) => elementAt(ids, sample));
  for (const sample of samples) for (const id of sample) if (!rowOf.has(id)) rowOf.set(id, rowOf.size);
  const rows = await tokenEmbeddings(model, rowOf);

  let learned: Float32Array | undefined;
  if (positions) {
    learned = new Float32Array(batch.tokens * hiddenSize);
    await checkpoint.read(positions.weight, learned, positions.offset, positions.offset + batch.tokens);
  }
  const hidden = new Float32Array(batch.samples.length * batch.tokens * hiddenSize);
  for (const [s, sample] of samples.entries())
    for (let t = 0; t < batch.tokens; t++) {
      const row = rowOf.get(sample[t] ?? 0) ?? 0;
      const first = (s * batch.tokens + t) * hiddenSize;
      hidden.set(rows.subarray(row * hiddenSize, (row + 1) * hiddenSize), first);
      if (learned) for (let i = 0; i < hiddenSize; i++) hidden[first + i]! += learned[t * hiddenSize + i]!;
    }
  return hidden;
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
