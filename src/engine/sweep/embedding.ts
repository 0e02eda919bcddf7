import type { Model } from "../model/model";
import { elementAt } from "../numbers/elements";
import type { Batch } from "./batch";

/**
 * The hidden states that enter block 0, `[samples, tokens, hidden]`; padding has those of id 0. Only the rows of ids that
 * occur are read.
 */
export async function embed(model: Model, ids: readonly Int32Array[], batch: Batch): Promise<Float32Array> {
  const { hiddenSize, checkpoint } = model;
  const { tokens, scale, positions } = model.definition.embedding;
  const rowOf = new Map<number, number>([[0, 0]]);
  const samples = batch.samples.map((sample) => elementAt(ids, sample));
  for (const sample of samples) for (const id of sample) if (!rowOf.has(id)) rowOf.set(id, rowOf.size);
  const rows = new Float32Array(rowOf.size * hiddenSize);
  // in the order in which they lie in the file
  for (const [id, row] of [...rowOf].sort(([a], [b]) => a - b))
    await checkpoint.read(tokens, rows.subarray(row * hiddenSize, (row + 1) * hiddenSize), id, id + 1);
  // Gemma multiplies in the precision of its weights; float32 here, as everywhere
  if (scale !== 1) for (let i = 0; i < rows.length; i++) rows[i]! *= scale;

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
