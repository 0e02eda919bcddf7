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
  /** By the name inside a block, in ascending order. */
  readonly #layersWith = new Map<string, number[]>();

  /**
   * @param tensors of all parts of the file, by their names in it
   * @param ropeFactors the values of tensors that are no weights but divisors of rotary frequencies, by their names
   */
  constructor(
    readonly metadata: GgufMetadata,
    readonly tensors: ReadonlyMap<string, GgufTensor>,
    readonly ropeFactors: ReadonlyMap<string, readonly number[]>,
  ) {
    for (const tensor of tensors.keys()) {
      const [, layer, name] = /^blk\.(\d+)\.(.+)$/.exec(tensor) ?? [];
      if (layer === undefined || name === undefined) continue;
      const layers = this.#layersWith.get(name);
      if (layers) layers.push(Number(layer));
      else this.#layersWith.set(name, [Number(layer)]);
    }
    for (const layers of this.#layersWith.values()) layers.sort((a, b) => a - b);
  }

  get heads(): number {
    return this.metadata.ownOrThrow("attention.head_count");
  }

  /**
   * Blocks of the model: those behind them that predict further tokens (`nextn`) are none.
   * @throws ParamscopeError where there are more than tensors: lists of layers are made of the number
   */
  get layers(): number {
    const { metadata, tensors } = this;
    const count = metadata.ownOrThrow("block_count") - (metadata.own("nextn_predict_layers") ?? 0);
    if (Number.isInteger(count) && count >= 0 && count <= tensors.size) return count;
    throw new ParamscopeError(
      `${metadata.path} says that it has ${count} blocks, and has ${tensors.size} tensors.`,
      "The file is damaged: download or convert the model again.",
    );
  }

  get hiddenSize(): number {
    return this.metadata.ownOrThrow("embedding_length");
  }

  get feedForwardSize(): number {
    return this.dimensions("ffn_down")?.[0] ?? this.metadata.ownOrThrow("feed_forward_length");
  }

  /** In the first block that has any. */
  get keyValueHeads(): number {
    const rows = this.dimensions("attn_k")?.[1];
    return rows === undefined ? (this.metadata.own("attention.head_count_kv") ?? this.heads) : rows / this.headSize;
  }

  /** Older conversions give it only where it is not hiddenSize / heads, some not even there. */
  get headSize(): number {
    const rows = this.dimensions("attn_q")?.[1];
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

  /** How many experts there are; 0 where there are none. */
  get experts(): number {
    return this.metadata.own("expert_count") ?? 0;
  }

  get expertSize(): number {
    return this.dimensions("ffn_down_exps")?.[0] ?? this.metadata.ownOrThrow("expert_feed_forward_length");
  }

  /** Of latent attention: the sizes of a head's keys that positions leave alone, and turn, and of its values. */
  get latentSizes(): { readonly plain: number; readonly turned: number; readonly value: number } {
    const { metadata } = this;
    const key = metadata.own("attention.key_length_mla") ?? metadata.ownOrThrow("attention.key_length");
    const turned = metadata.ownOrThrow("rope.dimension_count");
    const value = metadata.own("attention.value_length_mla") ?? metadata.ownOrThrow("attention.value_length");
    return { plain: key - turned, turned, value };
  }

  /** Of linear attention. */
  get deltaHeads() {
    const { metadata } = this;
    const [keyHeads, valueHeads] = [metadata.ownOrThrow("ssm.group_count"), metadata.ownOrThrow("ssm.time_step_rank")];
    return {
      keyHeads,
      valueHeads,
      keySize: metadata.ownOrThrow("ssm.state_size"),
      valueSize: metadata.ownOrThrow("ssm.inner_size") / valueHeads,
    };
  }

  /** Whether a block has a tensor of that name: `attn_q.bias`. */
  blockHas(name: string): boolean {
    return this.layersWith(name).length > 0;
  }

  /** The blocks that have a tensor of that name. */
  layersWith(name: string): readonly number[] {
    return (this.#layersWith.get(name) ?? []).filter((layer) => layer < this.layers);
  }

  /** The shape of a block's tensor of that name, `[in, out]`, in the first block that has it. */
  dimensions(name: string): readonly number[] | undefined {
    const [layer] = this.layersWith(`${name}.weight`);
    return this.tensors.get(`blk.${layer}.${name}.weight`)?.dimensions;
  }
}
