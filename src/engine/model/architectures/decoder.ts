import type { Node } from "../../graph/graph";
import type { Architecture, HeadLayout, LayerKind } from "./architecture";
import { attention, type AttentionShape, type HeadNorm, type Side } from "./attention";
import type { BlockBuilder } from "./block-builder";
import { normsBefore, type BlockOrder, type BlockParts } from "./block-orders";
import type { ConfigReader } from "./config-reader";
import { activationOf, gatedFeedForward, type FeedForward } from "./feed-forward";
import type { FusedQueryKeyValue } from "./fused-attention";
import { normOf, type NormStyle } from "./norm";
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
  };
}

/** Some architectures' configurations must have it so, even where `head_dim` says what a head's size is. */
export function requireEvenHeads(config: ConfigReader): void {
  const [hiddenSize, heads] = [config.size("hidden_size"), config.size("num_attention_heads")];
  if (hiddenSize % heads !== 0) config.fail(`splits ${hiddenSize} values between ${heads} heads`);
}

/** What a model's tensors and matrices are called, where not as LLaMA's. */
interface Names {
  readonly blocks: string;
  readonly tokens: string;
  readonly finalNorm: string;
  readonly head: string;
  readonly query: string;
  readonly key: string;
  readonly value: string;
  readonly output: string;
}

const llamaNames: Names = {
  blocks: "model.layers",
  tokens: "model.embed_tokens.weight",
  finalNorm: "model.norm",
  head: "lm_head.weight",
  query: "self_attn.q_proj",
  key: "self_attn.k_proj",
  value: "self_attn.v_proj",
  output: "self_attn.o_proj",
};

/** Where a model departs from LLaMA. */
export interface DecoderOptions {
  readonly names?: Partial<Names>;
  /** Biases of q, k, v and of o. */
  readonly attentionBias?: { readonly queryKeyValue: boolean; readonly output: boolean };
  /** Queries, keys and values come from one matrix of that name. */
  readonly fused?: { readonly name: string; readonly layout: FusedQueryKeyValue };
  /** Outputs of q, k and v are clipped to [−clip, clip]. */
  readonly clip?: number;
  /** Norms of queries and keys, as all others (`q_norm`, `k_norm`): on every head, or on the whole projection; or norms of its own on every head. */
  readonly queryKeyNorm?: "head" | "projection" | HeadNorm;
  /** Scores are multiplied by it; 1/√headSize unless given. */
  readonly scale?: number;
  readonly attentionSoftcap?: number;
  /** As the configuration has it in the common keys, unless given; "none": nothing is turned. */
  readonly rope?: Architecture["rope"] | "none";
  readonly positionBias?: Architecture["positionBias"];
  readonly queryScale?: Architecture["queryScale"];
  readonly layer?: (layer: number) => LayerKind;
  /** Gated unless given, with biases as `feedForwardBias` has it. */
  readonly feedForward?: FeedForward;
  readonly feedForwardBias?: boolean;
  readonly activation?: { readonly key: string; readonly fallback: string };
  /** RMS norms with the epsilon of `rms_norm_eps`, unless given. */
  readonly norms?: NormStyle;
  /** RMS norms are stored as w and applied as 1 + w. */
  readonly plusOne?: boolean;
  /** What attention and feed-forward add is multiplied by it. */
  readonly residualScale?: number;
  /** What is done to embeddings beside scaling. */
  readonly embedding?: Omit<Architecture["embedding"], "tokens" | "scale">;
  readonly embeddingScale?: number;
  /** What is done to logits; with `norm` undefined there is none. */
  readonly head?: Partial<Omit<Architecture["head"], "weight" | "isTied">>;
  readonly block?: BlockOrder;
}

/** A model that is LLaMA but for what the options say: RMS norms, rotary positions, gated feed-forward; names as in transformers. */
export function decoder(config: ConfigReader, options: DecoderOptions = {}): Architecture {
  const sizes = decoderSizes(config);
  const { hiddenSize, queryHeads, keyValueHeads, headSize } = sizes;
  // of no effect in some architectures, and all the same a file that contradicts itself
  layerTypes(config, sizes.layers);
  const rope = options.rope === "none" ? undefined : (options.rope ?? { full: ropeOf(config, sizes) });
  const names = { ...llamaNames, ...options.names };
  const norms = options.norms ?? rmsNorms(config, options.plusOne);
  const feedForward = options.feedForward ?? gated(config, sizes, options);
  const { fused } = options;
  const parts = blockParts({ sizes, names, norms, rope, feedForward, options });
  const block = options.block ?? normsBefore();
  return {
    modelType: config.string("model_type"),
    layers: sizes.layers,
    hiddenSize,
    vocabularySize: sizes.vocabularySize,
    context: rope?.full.isEndless ? Infinity : sizes.context,
    queryHeads,
    keyValueHeads,
    headSize,
    blocks: names.blocks,
    embedding: { tokens: names.tokens, scale: options.embeddingScale ?? 1, ...options.embedding },
    head: {
      weight: names.head,
      isTied: config.flag("tie_word_embeddings", false),
      norm: normOf(norms, names.finalNorm),
      ...options.head,
    },
    rope,
    positionBias: options.positionBias,
    queryScale: options.queryScale,
    layer: options.layer ?? (() => ({})),
    block: {
      compute: (b) => block(b, parts),
      neurons: feedForward.neurons,
      fused: { ...(fused && { [fused.name]: fused.layout.parts }), ...feedForward.fused },
      heads: {
        ...(fused
          ? { [fused.name]: fused.layout.heads }
          : {
              [names.query]: headsAlong("rows", queryHeads, headSize),
              [names.key]: headsAlong("rows", keyValueHeads, headSize),
              [names.value]: headsAlong("rows", keyValueHeads, headSize),
            }),
        [names.output]: headsAlong("columns", queryHeads, headSize),
      },
    },
  };
}

interface Assembly {
  readonly sizes: DecoderSizes;
  readonly names: Names;
  readonly norms: NormStyle;
  readonly rope: Architecture["rope"];
  readonly feedForward: FeedForward;
  readonly options: DecoderOptions;
}

function blockParts({ sizes, names, norms, rope, feedForward, options }: Assembly): BlockParts {
  const { hiddenSize, queryHeads, keyValueHeads, headSize } = sizes;
  const { residualScale = 1, queryKeyNorm, fused } = options;
  const { queryKeyValue: bias = false, output: outputBias = false } = options.attentionBias ?? {};
  const norm = (b: BlockBuilder, x: Node, name: string): Node => b.normalize(x, normOf(norms, name));
  const ofSide = (b: BlockBuilder, x: Node, side: Side): Node =>
    norm(b, x, side === "query" ? "self_attn.q_norm" : "self_attn.k_norm");
  const shape: AttentionShape = {
    queryHeads,
    keyValueHeads,
    headSize,
    rope: rope?.full,
    scale: options.scale ?? 1 / Math.sqrt(headSize),
    softcap: options.attentionSoftcap,
    headNorm: queryKeyNorm === "head" ? { apply: ofSide } : queryKeyNorm === "projection" ? undefined : queryKeyNorm,
    biased: options.positionBias !== undefined,
    scaled: options.queryScale !== undefined,
  };
  const project = (b: BlockBuilder, x: Node): readonly [query: Node, key: Node, value: Node] => {
    if (fused) {
      const [query, key, value] = fused.layout.split(b, b.project(x, fused.name, fused.layout.size, bias));
      return [b.select(query), key, value];
    }
    return [
      b.project(b.select(x), names.query, queryHeads * headSize, bias),
      b.project(x, names.key, keyValueHeads * headSize, bias),
      b.project(x, names.value, keyValueHeads * headSize, bias),
    ];
  };
  const clip = (b: BlockBuilder, x: Node): Node => clipped(b, x, options.clip);
  const whole = queryKeyNorm === "projection" ? ofSide : (_: BlockBuilder, x: Node): Node => x;
  const scaled = (b: BlockBuilder, x: Node): Node => (residualScale === 1 ? x : b.multiply(x, residualScale));
  return {
    norm,
    attention: (b, x) => {
      const [query, key, value] = project(b, x);
      const [q, k] = [whole(b, clip(b, query), "query"), whole(b, clip(b, key), "key")];
      const mixed = attention(b, q, k, clip(b, value), shape);
      return scaled(b, b.project(mixed, names.output, hiddenSize, outputBias));
    },
    feedForward: (b, x) => scaled(b, feedForward.apply(b, x)),
  };
}

function rmsNorms(config: ConfigReader, plusOne: boolean | undefined): NormStyle {
  return { kind: "rms", tensors: "weight", epsilon: config.number("rms_norm_eps", 1e-6), plusOne };
}

/** Layer norms with the epsilon of that key. */
export function layerNorms(
  config: ConfigReader,
  key: string,
  tensors: NormStyle["tensors"] = "weight and bias",
): NormStyle {
  return { kind: "layer", tensors, epsilon: config.number(key, 1e-5) };
}

function gated(
  config: ConfigReader,
  { feedForwardSize }: DecoderSizes,
  { activation, feedForwardBias }: DecoderOptions,
): FeedForward {
  const { key, fallback } = activation ?? { key: "hidden_act", fallback: "silu" };
  return gatedFeedForward(feedForwardSize, activationOf(config, key, fallback), feedForwardBias);
}

/** x within [−limit, limit]; x itself without a limit. */
function clipped(b: BlockBuilder, x: Node, limit: number | undefined): Node {
  if (limit === undefined) return x;
  const above = b.unary("relu", b.subtract(x, limit));
  const below = b.unary("relu", b.subtract(b.multiply(x, -1), limit));
  return b.add(b.subtract(x, above), below);
}

/** Heads of a matrix, one behind another along its rows or columns. */
export function headsAlong(axis: HeadLayout["axis"], count: number, headSize: number): HeadLayout {
  return { axis, size: headSize, parts: [{ from: 0, stride: headSize, count }] };
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
