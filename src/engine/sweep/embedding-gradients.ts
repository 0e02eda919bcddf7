import type { Model } from "../model/model";

/**
 * The gradients of the rows of the embedding's table that a text reads, from those of the hidden states that enter block 0: scaling, widening and norm undone.
 * @param ids of the text, `[tokens]`
 * @param gradient `[tokens, hidden]`, added to positions' embeddings alike
 * @returns by id, `[width]`: of a token that stands there several times the sum
 */
export async function embeddingGradients(
  model: Model,
  ids: Int32Array,
  gradient: Float32Array,
): Promise<Map<number, Float32Array>> {
  const { hiddenSize, checkpoint, definition } = model;
  const { tokens, scale, projection, norm } = definition.embedding;
  const width = projection?.width ?? hiddenSize;
  const read = async (name: string, size: number): Promise<Float32Array> => {
    const values = new Float32Array(size);
    await checkpoint.read(name, values);
    return values;
  };
  const matrix = projection && (await read(projection.weight, hiddenSize * width));
  const weight = norm?.weight === undefined ? undefined : await read(norm.weight, hiddenSize);
  const sums = new Map<number, Float32Array>();
  for (const [t, id] of ids.entries()) {
    let own: Float32Array = gradient.slice(t * hiddenSize, (t + 1) * hiddenSize);
    if (norm !== undefined) {
      const stored = new Float32Array(width);
      await checkpoint.read(tokens, stored, id, id + 1);
      for (let i = 0; i < width; i++) stored[i]! *= scale;
      own = layerNormBackward(matrix === undefined ? stored : widened(stored, matrix), own, norm.epsilon, weight);
    }
    if (matrix !== undefined) own = narrowed(own, matrix, width);
    const sum = sums.get(id) ?? new Float32Array(width);
    for (let i = 0; i < width; i++) sum[i]! += scale * own[i]!;
    sums.set(id, sum);
  }
  return sums;
}

/** A row `[width]` by a matrix `[out, width]`. */
function widened(row: Float32Array, matrix: Float32Array): Float32Array {
  const width = row.length;
  return new Float32Array(matrix.length / width).map((_, out) => {
    let sum = 0;
    for (let i = 0; i < width; i++) sum += row[i]! * matrix[out * width + i]!;
    return sum;
  });
}

/** A gradient `[out]` by a matrix `[out, width]`, transposed. */
function narrowed(gradient: Float32Array, matrix: Float32Array, width: number): Float32Array {
  const sum = new Float32Array(width);
  for (const [out, factor] of gradient.entries())
    for (let i = 0; i < width; i++) sum[i]! += factor * matrix[out * width + i]!;
  return sum;
}

/** The gradient in front of a layer norm of one row. */
function layerNormBackward(
  row: Float32Array,
  gradient: Float32Array,
  epsilon: number,
  weight: Float32Array | undefined,
): Float32Array {
  const { length } = row;
  const mean = row.reduce((sum, x) => sum + x, 0) / length;
  const deviation = Math.sqrt(row.reduce((sum, x) => sum + (x - mean) ** 2, 0) / length + epsilon);
  const weighted = gradient.map((value, i) => value * (weight?.[i] ?? 1));
  const meanGradient = weighted.reduce((sum, x) => sum + x, 0) / length;
  const along = weighted.reduce((sum, x, i) => sum + (x * (row[i]! - mean)) / deviation, 0) / length;
  return weighted.map((value, i) => (value - meanGradient - (along * (row[i]! - mean)) / deviation) / deviation);
}
