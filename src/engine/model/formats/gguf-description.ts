import { ParamscopeError } from "../../errors";
import type { GgufTensor } from "./gguf-header";
import type { GgufMetadata } from "./gguf-metadata";

/** A configuration in the keys of Hugging Face's `config.json`. */
export type Config = Record<string, unknown>;

/**
 * What a GGUF file says of its model. Sizes that tell themselves from tensors are taken from them: the metadata of some architectures have
 * what the converter took for granted (Phi's feed-forward is always four times as wide, its keys are as many as queries).
 */
export class GgufDescription {
  /**
   * @param tensors of all parts of the file, by their names in it
   * @param ropeFactors the values of tensors that are no weights but divisors of rotary frequencies, by their names
   */
  constructor(
    readonly metadata: GgufMetadata,
    readonly tensors: ReadonlyMap<string, GgufTensor>,
    readonly ropeFactors: ReadonlyMap<string, readonly number[]>,
  ) {}

  get heads(): number {
    return this.metadata.ownOrThrow("attention.head_count");
  }

  get layers(): number {
    return this.metadata.ownOrThrow("block_count");
  }

  get hiddenSize(): number {
    return this.metadata.ownOrThrow("embedding_length");
  }

  get feedForwardSize(): number {
    return this.#dimensions("ffn_down")?.[0] ?? this.metadata.ownOrThrow("feed_forward_length");
  }

  get keyValueHeads(): number {
    const rows = this.#dimensions("attn_k")?.[1];
    return rows === undefined ? (this.metadata.own("attention.head_count_kv") ?? this.heads) : rows / this.headSize;
  }

  /** Older conversions give it only where it is not hiddenSize / heads, some not even there. */
  get headSize(): number {
    const rows = this.#dimensions("attn_q")?.[1];
    const size =
      this.metadata.own("attention.key_length") ??
      (rows === undefined ? this.hiddenSize / this.heads : rows / this.heads);
    const valueSize = this.metadata.own("attention.value_length") ?? size;
    if (valueSize !== size) {
      throw new ParamscopeError(
        `${this.metadata.path}: heads have ${size} dimensions for keys and ${valueSize} for values, which is not supported.`,
        "Use another model.",
      );
    }
    return size;
  }

  /** Whether the first block has a tensor of that name: `attn_q.bias`. */
  blockHas(name: string): boolean {
    return this.tensors.has(`blk.0.${name}`);
  }

  /** The shape of the first block's matrix of that name, `[in, out]`. */
  #dimensions(name: string): readonly number[] | undefined {
    return this.tensors.get(`blk.0.${name}.weight`)?.dimensions;
  }
}
