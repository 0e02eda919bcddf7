import type { Node } from "../../graph/graph";
import type { Architecture, HeadLayout, LayerKind } from "./architecture";
import { attention, keyNorm, queryNorm, type AttentionShape } from "./attention";
import type { BlockBuilder } from "./block-builder";
import type { ConfigReader } from "./config-reader";
import { activationOf, downProjection, gatedFeedForward } from "./feed-forward";
import { ropeOf } from "./rope";

/** The sizes that all models of the LLaMA family name alike. */
export interface DecoderSizes {
  readonly layers: number;
  readonly hiddenSize: number;
  readonly feedForwardSize: number;
  readonly queryHeads: number;
  readonly keyValueHeads: number;
  readonly headSize: number;
  readonly context: number;
  readonly vocabularySize: number;
  readonly epsilon: number;
}

export function decoderSizes(config: ConfigReader): DecoderSizes {
  const hiddenSize = config.size("hidden_size");
  const queryHeads = config.size("num_attention_heads");
  const keyValueHeads = config.optionalSize("num_key_value_heads") ?? queryHeads;
  if (queryHeads % keyValueHeads !== 0) config.fail(`has ${queryHeads} query heads for ${keyValueHeads} key heads`);
  return {
    layers: config.size("num_hidden_layers"),
    hiddenSize,
    feedForwardSize: config.size("intermediate_size"),
    queryHeads,
    keyValueHeads,
    headSize: config.optionalSize("head_dim") ?? Math.floor(hiddenSize / queryHeads),
    context: config.size("max_position_embeddings"),
    vocabularySize: config.size("vocab_size"),
    epsilon: config.number("rms_norm_eps", 1e-6),
  };
}

/** Some architectures' configurations must have it so, even where `head_dim` says what a head's size is. */
export function requireEvenHeads(config: ConfigReader): void {
  const [hiddenSize, heads] = [config.size("hidden_size"), config.size("num_attention_heads")];
  if (hiddenSize % heads !== 0) config.fail(`splits ${hiddenSize} values between ${heads} heads`);
}

/** Where a block of the LLaMA family departs from LLaMA's. */
export interface DecoderOptions {
  /** Biases of q, k, v and of o. */
  readonly attentionBias?: { readonly queryKeyValue: boolean; readonly output: boolean };
  readonly feedForwardBias?: boolean;
  readonly rope?: Architecture["rope"];
  readonly layer?: (layer: number) => LayerKind;
  readonly scale?: number;
  readonly attentionSoftcap?: number;
  readonly logitsSoftcap?: number;
  readonly embeddingScale?: number;
  readonly activation?: { readonly key: string; readonly fallback: string };
  /** Norms stored as w, applied as 1 + w. */
  readonly plusOne?: boolean;
  /** RMS norms of queries and keys (`q_norm`, `k_norm`): on every head, or on the whole projection. */
  readonly queryKeyNorm?: "head" | "projection";
  readonly block?: (b: BlockBuilder, parts: DecoderParts) => Node;
}

/** What a block is assembled from: the parts know the sizes, the block says in which order they stand. */
export interface DecoderParts {
  readonly sizes: DecoderSizes;
  norm(b: BlockBuilder, x: Node, name: string): Node;
  /** `o(attention(q(x), k(x), v(x)))` */
  attention(b: BlockBuilder, x: Node): Node;
  feedForward(b: BlockBuilder, x: Node): Node;
}

/** A model of the LLaMA family: RMS norms, rotary positions, gated feed-forward; names as in transformers. */
export function decoder(config: ConfigReader, options: DecoderOptions = {}): Architecture {
  const sizes = decoderSizes(config);
  const { hiddenSize, queryHeads, keyValueHeads, headSize, epsilon } = sizes;
  // of no effect in some architectures, and all the same a file that contradicts itself
  layerTypes(config, sizes.layers);
  const rope = options.rope ?? { full: ropeOf(config, sizes) };
  const activation = activationOf(
    config,
    options.activation?.key ?? "hidden_act",
    options.activation?.fallback ?? "silu",
  );
  const bias = options.attentionBias ?? { queryKeyValue: false, output: false };
  const norm = (b: BlockBuilder, x: Node, name: string): Node =>
    b.normalize(x, { kind: "rms", weight: `${name}.weight`, epsilon, plusOne: options.plusOne });
  const shape: AttentionShape = {
    queryHeads,
    keyValueHeads,
    headSize,
    rotated: rope.full.rotated,
    scale: options.scale ?? 1 / Math.sqrt(headSize),
    softcap: options.attentionSoftcap,
    normalizeHead: options.queryKeyNorm === "head" ? norm : undefined,
  };
  const whole = options.queryKeyNorm === "projection" ? norm : (_: BlockBuilder, x: Node): Node => x;
  const parts: DecoderParts = {
    sizes,
    norm,
    attention: (b, x) => {
      const query = b.project(b.select(x), "self_attn.q_proj", queryHeads * headSize, bias.queryKeyValue);
      const key = b.project(x, "self_attn.k_proj", keyValueHeads * headSize, bias.queryKeyValue);
      const value = b.project(x, "self_attn.v_proj", keyValueHeads * headSize, bias.queryKeyValue);
      const mixed = attention(b, whole(b, query, queryNorm), whole(b, key, keyNorm), value, shape);
      return b.project(mixed, "self_attn.o_proj", hiddenSize, bias.output);
    },
    feedForward: (b, x) => gatedFeedForward(b, x, sizes.feedForwardSize, activation, options.feedForwardBias),
  };
  return {
    modelType: config.string("model_type"),
    layers: sizes.layers,
    hiddenSize,
    vocabularySize: sizes.vocabularySize,
    context: sizes.context,
    queryHeads,
    keyValueHeads,
    headSize,
    blocks: "model.layers",
    embedding: { tokens: "model.embed_tokens.weight", scale: options.embeddingScale ?? 1 },
    head: {
      weight: "lm_head.weight",
      isTied: config.flag("tie_word_embeddings", false),
      norm: { kind: "rms", weight: "model.norm.weight", epsilon, plusOne: options.plusOne },
      softcap: options.logitsSoftcap,
    },
    rope,
    layer: options.layer ?? (() => ({})),
    block: (b) => (options.block ?? preNormBlock)(b, parts),
    neurons: downProjection,
    heads: separateHeads(sizes),
  };
}

/** `x + attention(norm(x))`, then `x + feedForward(norm(x))`: LLaMA's order. */
export function preNormBlock(b: BlockBuilder, parts: DecoderParts): Node {
  const x = b.hidden;
  const attended = b.join("attention", b.select(x), parts.attention(b, parts.norm(b, x, "input_layernorm")));
  return b.join("feedForward", attended, parts.feedForward(b, parts.norm(b, attended, "post_attention_layernorm")));
}

function separateHeads({ queryHeads, keyValueHeads, headSize }: DecoderSizes): Readonly<Record<string, HeadLayout>> {
  const layout = (axis: HeadLayout["axis"], count: number): HeadLayout => ({
    axis,
    size: headSize,
    parts: [{ from: 0, stride: headSize, count }],
  });
  return {
    "self_attn.q_proj": layout("rows", queryHeads),
    "self_attn.k_proj": layout("rows", keyValueHeads),
    "self_attn.v_proj": layout("rows", keyValueHeads),
    "self_attn.o_proj": layout("columns", queryHeads),
  };
}

/**
 * What `layer_types` says of each layer; undefined where it says nothing. transformers (`configuration_utils.py`) reads older names, and
 * wants one entry for each layer.
 */
export function layerTypes(config: ConfigReader, layers: number): readonly unknown[] | undefined {
  const types = config.perLayer("layer_types", layers)?.map((type) => (type === "attention" ? "full_attention" : type));
  types?.forEach((type) => {
    if (type !== "sliding_attention" && type !== "full_attention")
      config.unsupported(`layers of type ${JSON.stringify(type)}`);
  });
  if (types !== undefined && types.length !== layers)
    config.fail(`says layer_types of ${types.length} layers, and has ${layers}`);
  return types;
}

/** Sliding windows as `layer_types` says them; where it is missing, as the architecture's rule does. */
export function windows(
  config: ConfigReader,
  layers: number,
  slides: (layer: number) => boolean,
): (layer: number) => LayerKind {
  const types = layerTypes(config, layers);
  const window = config.optionalSize("sliding_window");
  if (window === undefined) {
    if (types?.includes("sliding_attention")) config.fail("has layers that slide, and no sliding_window");
    return () => ({});
  }
  return (layer) => ((types ? types[layer] === "sliding_attention" : slides(layer)) ? { window } : {});
}
