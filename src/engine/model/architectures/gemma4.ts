import type { Architecture, PerLayerInput } from "./architecture";
import { normsAround, type BlockOrder } from "./block-orders";
import { quoteJson } from "../formats/quote";
import type { ConfigReader } from "./config-reader";
import { decoder, decoderSizes, layerKinds, type LayerParts } from "./decoder";
import { activationOf, gatedFeedForward, type Activation } from "./feed-forward";
import { gemma4Attention, type Gemma4Attention } from "./gemma4-attention";
import { ropeFrom, type Rope } from "./rope";

/** What transformers (`configuration_gemma4.py`) takes where a configuration has none. */
const defaults = {
  num_key_value_heads: 4,
  head_dim: 256,
  max_position_embeddings: 131_072,
  rms_norm_eps: 1e-6,
  sliding_window: 512,
  vocab_size_per_layer_input: 262_144,
  hidden_size_per_layer_input: 256,
  num_kv_shared_layers: 0,
  tie_word_embeddings: true,
};

const usualRopes = {
  sliding_attention: { rope_type: "default", rope_theta: 1e4 },
  full_attention: { rope_type: "proportional", partial_rotary_factor: 0.25, rope_theta: 1e6 },
};

type Kind = keyof typeof usualRopes;
const kinds: readonly Kind[] = ["sliding_attention", "full_attention"];

/**
 * Gemma 4 (dense; text): norms before and behind, norms on heads, scores that are not scaled; layers that slide and layers that see all, each
 * kind with its rope and its sizes. Every layer reads something of the tokens for itself (`PerLayerInput`), and the last ones may borrow keys and
 * values of an earlier one.
 */
export function gemma4(given: ConfigReader): Architecture {
  const config = given.withDefaults(defaults).refusingNull(...Object.keys(defaults));
  refuseOthers(config);
  const sizes = decoderSizes(config);
  const { layers, hiddenSize, queryHeads, feedForwardSize } = sizes;
  const types = kindsOfLayers(config, layers);
  const attention = attentionSizes(config, types);
  const ropes = ropesOf(config, types, attention);
  const lenders = lendersOf(config, types);
  const activation = activationOf(config, "hidden_activation", "gelu_pytorch_tanh");
  const keysAreValues = config.flag("attention_k_eq_v", false);
  const borrowersSize = feedForwardSize * (config.flag("use_double_wide_mlp", false) ? 2 : 1);

  const parts = new Map<string, LayerParts>();
  const partsOf = (layer: number): LayerParts => {
    const kind = types[layer] ?? "full_attention";
    const sharing = lenders.has(layer) ? "borrows" : [...lenders.values()].includes(layer) ? "lends" : undefined;
    const known = parts.get(`${kind} ${sharing}`);
    if (known !== undefined) return known;
    const mixer = gemma4Attention({
      ...attention[kind],
      hiddenSize,
      queryHeads,
      rope: ropes[kind],
      epsilon: config.number("rms_norm_eps"),
      bias: config.flag("attention_bias", false),
      valuesAreKeys: keysAreValues && kind === "full_attention",
      sharing,
    });
    const size = sharing === "borrows" ? borrowersSize : feedForwardSize;
    const made = { mixer, feedForward: gatedFeedForward(size, activation) };
    parts.set(`${kind} ${sharing}`, made);
    return made;
  };
  const perLayer = perLayerInput(config);
  return decoder(config.with({ layer_types: null }), {
    embeddingScale: Math.sqrt(hiddenSize),
    embedding: { perLayer },
    rope: { full: ropes.full_attention, sliding: ropes.sliding_attention },
    parts: partsOf,
    layer: (layer) => ({
      ...(types[layer] === "sliding_attention" && { window: config.size("sliding_window") }),
      keyValueHeads: attention[types[layer] ?? "full_attention"].keyValueHeads,
      borrowsFrom: lenders.get(layer),
    }),
    ...(config.has("final_logit_softcapping") && { head: { softcap: config.positive("final_logit_softcapping") } }),
    block: blockOrder(perLayer?.size, activation),
  });
}

/** @throws ParamscopeError naming what is another model, or passed over by transformers */
function refuseOthers(config: ConfigReader): void {
  if (config.flag("enable_moe_block", false)) config.unsupported("a mixture of experts in Gemma 4 (enable_moe_block)");
  if (config.has("use_bidirectional_attention") && config.string("use_bidirectional_attention") !== "vision")
    config.unsupported("bidirectional attention");
  if (config.has("rope_scaling")) config.unsupported("rope_scaling in Gemma 4");
}

/** Five layers that slide for one that sees all, unless said otherwise; the last one sees all, whatever is said. */
function kindsOfLayers(config: ConfigReader, layers: number): readonly Kind[] {
  const types =
    layerKinds(config, layers, kinds) ??
    Array.from({ length: layers }, (_, layer) => ((layer + 1) % 6 === 0 ? "full_attention" : "sliding_attention"));
  return [...types.slice(0, -1), "full_attention"];
}

type AttentionSizes = Readonly<Record<Kind, Pick<Gemma4Attention, "keyValueHeads" | "headSize">>>;

/** In configurations of transformers 5.23 layers' own sizes stand in `per_layer_config`, in those of Gemma's makers in `global_head_dim` and beside. */
function attentionSizes(config: ConfigReader, types: readonly Kind[]): AttentionSizes {
  const usual = { keyValueHeads: config.size("num_key_value_heads"), headSize: config.size("head_dim") };
  const perLayer = config.object("per_layer_config");
  const ofKind = (kind: Kind): AttentionSizes[Kind] => {
    const own = types.flatMap((type, layer) => (type === kind ? [ownSizes(config, perLayer, layer)] : []));
    const [first = {}] = own;
    if (own.some((other) => JSON.stringify(other) !== JSON.stringify(first)))
      config.unsupported("layers of one kind whose sizes differ (per_layer_config)");
    return { ...usual, ...first };
  };
  const sizes =
    perLayer === undefined
      ? { sliding_attention: usual, full_attention: globalSizes(config, usual) }
      : { sliding_attention: ofKind("sliding_attention"), full_attention: ofKind("full_attention") };
  const queryHeads = config.size("num_attention_heads");
  for (const { keyValueHeads } of Object.values(sizes))
    if (queryHeads % keyValueHeads !== 0) config.fail(`has ${queryHeads} query heads for ${keyValueHeads} key heads`);
  return sizes;
}

function globalSizes(config: ConfigReader, usual: AttentionSizes[Kind]): AttentionSizes[Kind] {
  const heads = config.optionalSize("num_global_key_value_heads");
  const counts = config.flag("attention_k_eq_v", false) && heads !== undefined;
  return { headSize: config.size("global_head_dim", 512), keyValueHeads: counts ? heads : usual.keyValueHeads };
}

/** What a layer has of its own; each of them may be missing. */
function ownSizes(
  config: ConfigReader,
  perLayer: ConfigReader | undefined,
  layer: number,
): Partial<AttentionSizes[Kind]> {
  const own = perLayer?.object(String(layer));
  if (own === undefined) return {};
  for (const key of Object.keys(own.values))
    if (key !== "head_dim" && key !== "num_key_value_heads")
      config.unsupported(`options of single layers (per_layer_config with ${quoteJson(key)})`);
  const [headSize, keyValueHeads] = [own.optionalSize("head_dim"), own.optionalSize("num_key_value_heads")];
  return { ...(headSize !== undefined && { headSize }), ...(keyValueHeads !== undefined && { keyValueHeads }) };
}

function ropesOf(
  config: ConfigReader,
  types: readonly Kind[],
  sizes: AttentionSizes,
): { readonly full_attention: Rope; readonly sliding_attention: Rope } {
  const all = config.object("rope_parameters") ?? config.inside(usualRopes);
  const ropeOf = (kind: Kind): Rope => {
    const { values } = all.object(kind) ?? config.fail(`lacks rope_parameters of ${kind}`);
    const type = values.rope_type ?? values.type ?? "default";
    const context = config.size("max_position_embeddings");
    const own = config.inside({ original_max_position_embeddings: context, ...values, rope_type: type });
    return ropeFrom(own, config, { headSize: sizes[kind].headSize, proportional: true });
  };
  const full = ropeOf("full_attention");
  return {
    full_attention: full,
    sliding_attention: types.includes("sliding_attention") ? ropeOf("sliding_attention") : full,
  };
}

/** For each of the last layers that have no keys and values of their own, the layer whose they borrow: the last of their kind that has some. */
function lendersOf(config: ConfigReader, types: readonly Kind[]): ReadonlyMap<number, number> {
  const count = config.number("num_kv_shared_layers");
  if (!Number.isInteger(count) || count < 0) config.fail(`says num_kv_shared_layers ${count}`);
  const first = types.length - count;
  const lenders = new Map<number, number>();
  types.forEach((kind, layer) => {
    const lender = types.slice(0, Math.max(0, first)).lastIndexOf(kind);
    if (count > 0 && lender < 0) config.fail(`has no layer whose keys and values those of ${kind} could share`);
    if (layer >= first) lenders.set(layer, lender);
  });
  return lenders;
}

function perLayerInput(config: ConfigReader): PerLayerInput | undefined {
  if (config.number("hidden_size_per_layer_input") === 0) return undefined;
  const epsilon = config.number("rms_norm_eps");
  return {
    size: config.size("hidden_size_per_layer_input"),
    tokens: "model.embed_tokens_per_layer.weight",
    vocabularySize: config.size("vocab_size_per_layer_input"),
    projection: "model.per_layer_model_projection.weight",
    norm: { kind: "rms", weight: "model.per_layer_projection_norm.weight", epsilon },
  };
}

/** Behind attention and feed-forward the gated input of the layer, normalized; then all of it times a number of the layer's own. */
function blockOrder(size: number | undefined, activation: Activation): BlockOrder {
  const attentionAndFeedForward = normsAround(
    { attention: "input_layernorm", feedForward: "pre_feedforward_layernorm" },
    { attention: "post_attention_layernorm", feedForward: "post_feedforward_layernorm" },
  );
  return (b, parts) => {
    const x = attentionAndFeedForward(b, parts);
    const scaled = (states: typeof x): typeof x => b.multiply(states, b.weight("layer_scalar", [1]));
    if (size === undefined) return scaled(x);
    const gate = activation(b, b.project(x, "per_layer_input_gate", size));
    const read = b.project(b.multiply(gate, b.perLayer(size)), "per_layer_projection", Number(x.shape.at(-1)));
    return scaled(b.add(x, parts.norm(b, read, "post_per_layer_input_norm")));
  };
}
