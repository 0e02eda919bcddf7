/**
 * llama.cpp's importance matrix (`tools/imatrix`): what enters the matrices of a model on texts, squared and summed. Which tensors there are, and which columns, is said in
 * terms of GGUF files.
 */
export interface Imatrix {
  /** By the names of tensors in GGUF files: `blk.3.attn_q.weight`. */
  readonly entries: ReadonlyMap<string, ImatrixEntry>;
  /** What it was made of: names of files and folders, or whatever a file says. */
  readonly datasets: readonly string[];
  /** Tokens of a chunk, by which llama.cpp counts. */
  readonly chunkSize: number;
}

export interface ImatrixEntry {
  /** `Σ x_j²` of every column; of tensors in which matrices stand one behind another (experts) of every one's. */
  readonly sums: Float64Array;
  /** How many tokens were summed up: of all matrices, or one number of each. */
  readonly counts: Float64Array;
}

/** Chunks that a matrix was computed with, as llama.cpp counts: the most tokens of a matrix by their size. */
export function chunksOf({ entries, chunkSize }: Imatrix): number {
  let most = 0;
  for (const { counts } of entries.values()) for (const count of counts) if (count > most) most = count;
  return Math.floor(most / chunkSize);
}

/** The mean squares `Σ x_j² / n` of an entry; of an expert that no token reached 1, as llama.cpp has it: all its columns count alike. */
export function meanSquares({ sums, counts }: ImatrixEntry): Float32Array {
  const columns = sums.length / counts.length;
  return Float32Array.from(sums, (sum, i) => {
    const count = counts[Math.floor(i / columns)] ?? 0;
    return count > 0 ? sum / count : 1;
  });
}
