/** What a tensor of a checkpoint is, before anything of it is read. */
export interface TensorInfo {
  /** The Hugging Face checkpoint's own name, `model.layers.0.self_attn.q_proj.weight`, for GGUF files too. */
  readonly name: string;
  /** The shape in the order in which Hugging Face stores it: `[out, in]` for a linear layer. */
  readonly shape: readonly number[];
  /** The type as stored: `F32`, `BF16`, `Q4_1`, … */
  readonly type: string;
  /** Bytes that it takes on disk. */
  readonly bytes: number;
  /** Where a Hugging Face checkpoint has it as a part of a tensor of all experts. */
  readonly stack?: ExpertStack;
}

/** A tensor in which all experts' parts stand one behind the other, `[experts, …]`, and which of them a tensor is. */
export interface ExpertStack {
  readonly name: string;
  readonly expert: number;
  readonly experts: number;
  /** Each matrix lies there the other way round, `[in, out]`. */
  readonly transposed: boolean;
}

/**
 * The weights and the description of a model on disk. Nothing is read before it is asked for, and never a whole file.
 * Formats differ (safetensors, GGUF); what they hand out does not: names, shapes, row order and values are those of the
 * Hugging Face checkpoint.
 */
export interface Checkpoint {
  readonly format: "safetensors" | "gguf";
  /** The folder or file that was opened. */
  readonly path: string;
  /** `config.json`, or what a GGUF file's metadata says in its terms. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly tensors: ReadonlyMap<string, TensorInfo>;
  /**
   * Reads rows `[from, to)` of a tensor (a 1-D tensor is one row) as float32 into the start of `out`.
   * @throws ParamscopeError when the file cannot be read, or a value is NaN or infinite (the tensor is named).
   */
  read(name: string, out: Float32Array, from?: number, to?: number): Promise<void>;
  close(): Promise<void>;
}

/** A checkpoint of files, whose bytes can be looked at as they are stored. */
export interface StoredCheckpoint extends Checkpoint {
  /**
   * Fills `into` with what is stored of a tensor from each of the offsets on, as many bytes of each, one behind the other.
   * @throws ParamscopeError when the file cannot be read, or has changed since it was opened
   */
  sampleStored(name: string, offsets: readonly number[], into: Uint8Array): void;
}
