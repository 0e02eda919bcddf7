import type { Config, GgufDescription } from "./gguf-description";
import type { GgufMetadata } from "./gguf-metadata";
import { ropeParameters, ropeParametersByKind } from "./gguf-rope";

/*
 * The configuration of each architecture's Hugging Face models, of what a GGUF file says and of what llama.cpp (`src/models/*.cpp`) takes for
 * granted. Sources of the keys: the converter's `set_gguf_parameters`, transformers' `configuration_*.py`.
 */

/** What a model of LLaMA's kind has, with what the architecture's models have in common. */
export function llamaLike(modelType: string, also: Config = {}, ropeTheta?: number) {
  return (description: GgufDescription): Config => ({
    ...withRmsNorms(description),
    model_type: modelType,
    hidden_act: "silu",
    rope_parameters: ropeParameters(description, ropeTheta),
    ...also,
  });
}

function sizes(description: GgufDescription): Config {
  return {
    hidden_size: description.hiddenSize,
    intermediate_size: description.feedForwardSize,
    num_hidden_layers: description.layers,
    num_attention_heads: description.heads,
    num_key_value_heads: description.keyValueHeads,
    head_dim: description.headSize,
    max_position_embeddings: description.metadata.ownOrThrow("context_length"),
    attention_bias: description.blockHas("attn_q.bias") || description.blockHas("attn_qkv.bias"),
    mlp_bias: description.blockHas("ffn_up.bias"),
  };
}

export function withRmsNorms(description: GgufDescription): Config {
  return { ...sizes(description), rms_norm_eps: description.metadata.ownOrThrow("attention.layer_norm_rms_epsilon") };
}

/** @param key of the epsilon in the architecture's configuration */
function withLayerNorms(description: GgufDescription, key: string): Config {
  return { ...sizes(description), [key]: description.metadata.ownOrThrow("attention.layer_norm_epsilon") };
}

const range = (length: number): number[] => Array.from({ length }, (_, i) => i);

/**
 * Which layers slide, as `layer_types`.
 * @param period where the metadata do not say: all layers but every so many-th
 */
export function layerTypes({ metadata, layers }: GgufDescription, period: number): string[] {
  const pattern = metadata.ownFlags("attention.sliding_window_pattern");
  const stored = pattern === undefined ? metadata.own("attention.sliding_window_pattern") : undefined;
  const slides = (layer: number): boolean => pattern?.[layer] ?? (layer + 1) % (stored ?? period) !== 0;
  return range(layers).map((layer) => (slides(layer) ? "sliding_attention" : "full_attention"));
}

export const windowOf = (metadata: GgufMetadata): number | undefined => metadata.ownButZero("attention.sliding_window");

/** A Mistral model's GGUF file is of the architecture llama, and says nothing of its window. */
export function llamaConfig(description: GgufDescription): Config {
  const window = windowOf(description.metadata);
  return llamaLike(
    window === undefined ? "llama" : "mistral",
    window === undefined ? {} : { sliding_window: window },
  )(description);
}

/** Ministral 3 where queries are scaled by their positions, else Mistral; converters write no window. */
export function mistral3Config(description: GgufDescription): Config {
  const config = llamaLike("mistral", { sliding_window: null })(description);
  const beta = description.metadata.own("attention.temperature_scale");
  if (!beta) return config;
  const rope = config.rope_parameters as Config;
  return { ...config, model_type: "ministral3", rope_parameters: { ...rope, llama_4_scaling_beta: beta } };
}

/** The text's positions turn by the same angle in each section of the rope. */
export function qwen2VlConfig(description: GgufDescription): Config {
  return llamaLike("qwen2_5_vl")(description);
}

export function qwen3VlConfig(description: GgufDescription): Config {
  return { model_type: "qwen3_vl", text_config: llamaLike("qwen3_vl_text")(description) };
}

export function gpt2Config({ metadata, heads, layers, hiddenSize, feedForwardSize }: GgufDescription): Config {
  return {
    model_type: "gpt2",
    activation_function: "gelu_new",
    n_embd: hiddenSize,
    n_layer: layers,
    n_head: heads,
    n_positions: metadata.ownOrThrow("context_length"),
    n_inner: feedForwardSize,
    layer_norm_epsilon: metadata.ownOrThrow("attention.layer_norm_epsilon"),
  };
}

export function gptNeoxConfig(description: GgufDescription): Config {
  return {
    ...withLayerNorms(description, "layer_norm_eps"),
    model_type: "gpt_neox",
    hidden_act: "gelu",
    use_parallel_residual: description.metadata.ownFlag("use_parallel_residual") ?? true,
    rope_parameters: wholeOrPartial(description),
  };
}

/** The context; undefined where the converter found none, and wrote the hidden states' size in its place. */
function givenContext({ metadata, hiddenSize }: GgufDescription): number | undefined {
  const context = metadata.ownOrThrow("context_length");
  return context === hiddenSize ? undefined : context;
}

export function bloomConfig(description: GgufDescription): Config {
  return {
    model_type: "bloom",
    hidden_size: description.hiddenSize,
    n_layer: description.layers,
    n_head: description.heads,
    seq_length: givenContext(description) ?? 2048,
    layer_norm_epsilon: description.metadata.ownOrThrow("attention.layer_norm_epsilon"),
  };
}

/** With several keys, or two norms, it is the new form (40B, 180B, and Falcon 2 with one norm). */
export function falconConfig(description: GgufDescription): Config {
  const { attention_bias: bias, ...common } = withLayerNorms(description, "layer_norm_epsilon");
  const norms = description.blockHas("attn_norm_2.weight") ? 2 : 1;
  const isNew = norms === 2 || description.keyValueHeads > 1;
  return {
    ...common,
    model_type: "falcon",
    activation: "gelu",
    ffn_hidden_size: description.feedForwardSize,
    num_kv_heads: description.keyValueHeads,
    multi_query: !isNew,
    new_decoder_architecture: isNew,
    num_ln_in_parallel_attn: norms,
    parallel_attn: true,
    alibi: false,
    bias,
    rope_parameters: ropeParameters(description),
  };
}

export function mptConfig({ metadata, hiddenSize, layers, heads }: GgufDescription): Config {
  const slope = metadata.own("attention.max_alibi_bias") ?? 0;
  return {
    model_type: "mpt",
    d_model: hiddenSize,
    n_layers: layers,
    n_heads: heads,
    max_seq_len: metadata.ownOrThrow("context_length"),
    layer_norm_epsilon: metadata.ownOrThrow("attention.layer_norm_epsilon"),
    attn_config: {
      alibi: slope > 0,
      alibi_bias_max: slope > 0 ? slope : 8,
      clip_qkv: metadata.ownButZero("attention.clamp_kqv") ?? null,
    },
  };
}

export function phi2Config(description: GgufDescription): Config {
  return {
    ...withLayerNorms(description, "layer_norm_eps"),
    model_type: "phi",
    hidden_act: "gelu_new",
    rope_parameters: wholeOrPartial(description),
  };
}

/** The share that is turned, written also where it is all of it: the architecture's configurations take another for granted. */
export function wholeOrPartial(description: GgufDescription): Config {
  return { partial_rotary_factor: 1, ...ropeParameters(description) };
}

export function phi3Config(description: GgufDescription): Config {
  return llamaLike("phi3", {
    sliding_window: windowOf(description.metadata) ?? null,
    original_max_position_embeddings: description.metadata.own("rope.scaling.original_context_length"),
  })(description);
}

export function gemmaConfig(description: GgufDescription): Config {
  return llamaLike("gemma", { hidden_act: "gelu_pytorch_tanh" })(description);
}

/** @param layersScaledByWidth where the layer count is this, queries are scaled by hiddenSize / heads, else by the head's size (27B models) */
function gemma(description: GgufDescription, layersScaledByWidth: number): Config {
  const { layers, hiddenSize, heads, headSize } = description;
  return {
    ...withRmsNorms(description),
    hidden_activation: "gelu_pytorch_tanh",
    sliding_window: windowOf(description.metadata) ?? 4096,
    query_pre_attn_scalar: layers === layersScaledByWidth ? hiddenSize / heads : headSize,
  };
}

/** The soft cap that the metadata give; 0 is none. */
export function softCap(metadata: GgufMetadata, key: string, fallback: number | null): number | null {
  const cap = metadata.own(key);
  return cap === undefined ? fallback : cap === 0 ? null : cap;
}

export function gemma2Config(description: GgufDescription): Config {
  const { metadata } = description;
  return {
    ...gemma(description, 46),
    model_type: "gemma2",
    layer_types: layerTypes(description, 2),
    attn_logit_softcapping: softCap(metadata, "attn_logit_softcapping", 50),
    final_logit_softcapping: softCap(metadata, "final_logit_softcapping", 30),
    rope_parameters: ropeParameters(description),
  };
}

export function gemma3Config(description: GgufDescription): Config {
  const { metadata } = description;
  return {
    ...gemma(description, 62),
    model_type: "gemma3_text",
    layer_types: layerTypes(description, 6),
    attn_logit_softcapping: softCap(metadata, "attn_logit_softcapping", null),
    final_logit_softcapping: softCap(metadata, "final_logit_softcapping", null),
    rope_parameters: ropeParametersByKind(description, { full: 1_000_000, sliding: 10_000 }),
  };
}

export function olmoConfig(description: GgufDescription): Config {
  return {
    ...sizes(description),
    model_type: "olmo",
    hidden_act: "silu",
    clip_qkv: description.metadata.ownButZero("attention.clamp_kqv") ?? null,
    rope_parameters: ropeParameters(description),
  };
}

/** OLMo 3 where there is a window. */
export function olmo2Config(description: GgufDescription): Config {
  const window = windowOf(description.metadata);
  if (window === undefined) return llamaLike("olmo2")(description);
  return llamaLike("olmo3", {
    sliding_window: window,
    layer_types: layerTypes(description, 4),
    rope_parameters: ropeParametersByKind(description),
  })(description);
}

export function graniteConfig(description: GgufDescription): Config {
  const { metadata, headSize } = description;
  return llamaLike("granite", {
    embedding_multiplier: metadata.ownButZero("embedding_scale") ?? 1,
    attention_multiplier: metadata.ownButZero("attention.scale") ?? 1 / Math.sqrt(headSize),
    residual_multiplier: metadata.ownButZero("residual_scale") ?? 1,
    logits_scaling: metadata.ownButZero("logit_scale") ?? 1,
  })(description);
}

function cohereOf(modelType: string, description: GgufDescription): Config {
  return {
    ...withLayerNorms(description, "layer_norm_eps"),
    model_type: modelType,
    hidden_act: "silu",
    logit_scale: description.metadata.ownButZero("logit_scale") ?? 1,
    rope_parameters: ropeParameters(description),
  };
}

export function cohereConfig(description: GgufDescription): Config {
  return { ...cohereOf("cohere", description), use_qk_norm: description.blockHas("attn_q_norm.weight") };
}

export function cohere2Config(description: GgufDescription): Config {
  return {
    ...cohereOf("cohere2", description),
    sliding_window: description.metadata.ownOrThrow("attention.sliding_window"),
    layer_types: layerTypes(description, 4),
  };
}

export function glmConfig(description: GgufDescription): Config {
  return {
    ...glm4Config(description),
    model_type: "glm",
    max_position_embeddings: givenContext(description) ?? 131_072,
  };
}

export function glm4Config(description: GgufDescription): Config {
  return llamaLike("glm4", { rope_parameters: wholeOrPartial(description) })(description);
}

/** The 32B model slides and says so; one of its size whose file does not say it does so all the same. */
export function exaone4Config(description: GgufDescription): Config {
  const window = windowOf(description.metadata) ?? (description.layers === 64 ? 4096 : undefined);
  return llamaLike("exaone4", {
    sliding_window: window ?? null,
    layer_types:
      window === undefined ? range(description.layers).map(() => "full_attention") : layerTypes(description, 4),
  })(description);
}

/** The 12B model, whose block has one norm, has both parts side by side. */
export function stablelmConfig(description: GgufDescription): Config {
  const { attention_bias: bias, ...common } = withLayerNorms(description, "layer_norm_eps");
  return {
    ...common,
    model_type: "stablelm",
    hidden_act: "silu",
    use_qkv_bias: bias,
    qk_layernorm: description.blockHas("attn_q_norm.weight"),
    use_parallel_residual: !description.blockHas("ffn_norm.weight"),
    rope_parameters: wholeOrPartial(description),
  };
}

/** The converter writes nothing of the window, which the published models have in common. */
export function starcoder2Config(description: GgufDescription): Config {
  return {
    ...withLayerNorms(description, "norm_epsilon"),
    model_type: "starcoder2",
    hidden_act: "gelu_pytorch_tanh",
    use_bias: description.blockHas("attn_output.bias"),
    sliding_window: windowOf(description.metadata) ?? 4096,
    rope_parameters: ropeParameters(description),
  };
}

export function nemotronConfig(description: GgufDescription): Config {
  return {
    ...withLayerNorms(description, "norm_eps"),
    model_type: "nemotron",
    hidden_act: "relu2",
    rope_parameters: wholeOrPartial(description),
  };
}

export function apertusConfig(description: GgufDescription): Config {
  return llamaLike("apertus", { hidden_act: "xielu" })(description);
}

export function seedOssConfig(description: GgufDescription): Config {
  return llamaLike("seed_oss", { attention_out_bias: description.blockHas("attn_output.bias") })(description);
}

export function smollm3Config(description: GgufDescription): Config {
  const interval = 4;
  return llamaLike(
    "smollm3",
    {
      no_rope_layer_interval: interval,
      no_rope_layers: range(description.layers).map((layer) => ((layer + 1) % interval === 0 ? 0 : 1)),
    },
    2_000_000,
  )(description);
}
