import type { Node } from "../../graph/graph";
import type { Architecture, Block, HeadLayout, LayerKind } from "./architecture";
import { attention, type AttentionShape, type HeadNorm, type Side } from "./attention";
import type { BlockBuilder } from "./block-builder";
import { normsBefore, type BlockOrder, type BlockParts } from "./block-orders";
import { quoteJson } from "../formats/quote";
import type { ConfigReader } from "./config-reader";
import { activationOf, gatedFeedForward, type FeedForward } from "./feed-forward";
import { queriesAndGates, type FusedQueryKeyValue } from "./fused-attention";
import type { Mixer } from "./mixer";
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
  /** The query's matrix has a gate for each head behind its query; what attention gives is multiplied by the gates' sigmoid. */
  readonly gated?: boolean;
  /** Outputs of q, k and v, and of their norms on whole projections, are clipped to [−clip, clip]. */
  readonly clip?: number;
  /** Norms of queries and keys, as all others (`q_norm`, `k_norm`): on every head, or on the whole projection; or norms of its own on every head. */
  readonly queryKeyNorm?: "head" | "projection" | HeadNorm;
  /** Scores are multiplied by it; 1/√headSize unless given. */
  readonly scale?: number;
  readonly attentionSoftcap?: number;
  /** Scores of something more to look at, by a vector `[queryHeads]` of that name. */
  readonly sinks?: string;
  /** As the configuration has it in the common keys, unless given; "none": nothing is turned. */
  readonly rope?: Architecture["rope"] | "none";
  readonly positionBias?: Architecture["positionBias"];
  readonly queryScale?: Architecture["queryScale"];
  readonly layer?: (layer: number) => LayerKind;
  /** Another mixer in the place of LLaMA's attention. */
  readonly mixer?: Mixer;
  /** What layers have in the place of attention and feed-forward; the same object for layers that are alike, undefined where they are the usual ones. */
  readonly parts?: (layer: number) => LayerParts | undefined;
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

/** The parts of a layer that are others than most layers'. */
export interface LayerParts {
  readonly mixer?: Mixer;
  readonly feedForward?: FeedForward;
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
  const assembly: Assembly = { sizes, names, norms, rope, options };
  const usual: Required<LayerParts> = { mixer: options.mixer ?? attentionMixer(assembly), feedForward };
  const block = assembled(assembly, usual);
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
    layer: layerKindsOf(assembly, usual),
    block,
  };
}

/** What layers differ in, with a block for each of the parts that they have in the place of the usual ones. */
function layerKindsOf(assembly: Assembly, usual: Required<LayerParts>): (layer: number) => LayerKind {
  const { parts, layer: kindOf = () => ({}) } = assembly.options;
  if (parts === undefined) return kindOf;
  const blocks = new Map<LayerParts, Block>();
  return (layer) => {
    const own = parts(layer);
    if (own === undefined) return kindOf(layer);
    let block = blocks.get(own);
    if (block === undefined) blocks.set(own, (block = assembled(assembly, { ...usual, ...own })));
    return { ...kindOf(layer), block };
  };
}

/** The block of a mixer and a feed-forward, in the order and with the norms of the model. */
function assembled({ norms, options }: Assembly, { mixer, feedForward }: Required<LayerParts>): Block {
  const { residualScale = 1, block: order = normsBefore() } = options;
  const scaled = (b: BlockBuilder, x: Node): Node => (residualScale === 1 ? x : b.multiply(x, residualScale));
  const parts: BlockParts = {
    norm: (b, x, name) => b.normalize(x, normOf(norms, name)),
    attention: (b, x) => scaled(b, mixer.apply(b, x)),
    feedForward: (b, x) => scaled(b, feedForward.apply(b, x)),
  };
  const { heads, unscored, between } = mixer;
  return {
    compute: (b) => order(b, parts),
    neurons: feedForward.neurons,
    fused: { ...mixer.fused, ...feedForward.fused },
    heads,
    experts: feedForward.experts,
    unscored,
    between,
  };
}

interface Assembly {
  readonly sizes: DecoderSizes;
  readonly names: Names;
  readonly norms: NormStyle;
  readonly rope: Architecture["rope"];
  readonly options: DecoderOptions;
}

function attentionMixer({ sizes, names, norms, rope, options }: Assembly): Mixer {
  const { hiddenSize, queryHeads, keyValueHeads, headSize } = sizes;
  const { queryKeyNorm, fused } = options;
  const gates = options.gated ? queriesAndGates(queryHeads, headSize) : undefined;
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
    sinks: options.sinks,
  };
  const project = (b: BlockBuilder, x: Node): readonly [query: Node, key: Node, value: Node, gate?: Node] => {
    if (fused) {
      const [query, key, value] = fused.layout.split(b, b.project(x, fused.name, fused.layout.size, bias));
      return [b.select(query), key, value];
    }
    const asked = b.project(b.select(x), names.query, gates?.size ?? queryHeads * headSize, bias);
    const [query, gate] = gates?.split(b, asked) ?? [asked];
    return [
      query,
      b.project(x, names.key, keyValueHeads * headSize, bias),
      b.project(x, names.value, keyValueHeads * headSize, bias),
      gate,
    ];
  };
  const clip = (b: BlockBuilder, x: Node): Node => clipped(b, x, options.clip);
  const whole = queryKeyNorm === "projection" ? ofSide : (_: BlockBuilder, x: Node): Node => x;
  return {
    apply: (b, x) => {
      const [query, key, value, gate] = project(b, x);
      const [q, k] = [clip(b, whole(b, query, "query")), clip(b, whole(b, key, "key"))];
      const mixed = attention(b, q, k, clip(b, value), shape);
      const gated = gate === undefined ? mixed : b.multiply(mixed, b.unary("sigmoid", gate));
      return b.project(gated, names.output, hiddenSize, outputBias);
    },
    fused: { ...(fused && { [fused.name]: fused.layout.parts }), ...(gates && { [names.query]: gates.parts }) },
    heads: {
      ...(fused
        ? { [fused.name]: fused.layout.heads }
        : {
            [names.query]: gates?.heads ?? headsAlong("rows", queryHeads, headSize),
            [names.key]: headsAlong("rows", keyValueHeads, headSize),
            [names.value]: headsAlong("rows", keyValueHeads, headSize),
          }),
      [names.output]: headsAlong("columns", queryHeads, headSize),
    },
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
  return gatedFeedForward(feedForwardSize, activationOf(config, key, fallback), { bias: feedForwardBias });
}

/** x within [−limit, limit]; x itself without a limit. */
export function clipped(b: BlockBuilder, x: Node, limit: number | undefined): Node {
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
 * What `layer_types` says of each layer, of the kinds that the architecture has; undefined where it says nothing. transformers
 * (`configuration_utils.py`) reads older names, and wants one entry for each layer.
 */
export function layerKinds<Kind extends string>(
  config: ConfigReader,
  layers: number,
  kinds: readonly Kind[],
): readonly Kind[] | undefined {
  const types = config.perLayer("layer_types", layers)?.map((type) => {
    const name = typeof type === "string" ? (olderNames[type] ?? type) : type;
    return kinds.find((kind) => kind === name) ?? config.unsupported(`layers of type ${quoteJson(type)}`);
  });
  if (types !== undefined && types.length !== layers)
    config.fail(`says layer_types of ${types.length} layers, and has ${layers}`);
  return types;
}

const olderNames: Readonly<Record<string, string>> = { attention: "full_attention" };

/** The same of an architecture whose layers slide or see all. */
export function layerTypes(
  config: ConfigReader,
  layers: number,
): readonly ("sliding_attention" | "full_attention")[] | undefined {
  return layerKinds(config, layers, ["sliding_attention", "full_attention"]);
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
