import { ParamscopeError } from "../../errors";
import type { GgufArchitecture } from "./gguf-architectures";
import type { GgufTensor } from "./gguf-header";
import type { GgufMetadata } from "./gguf-metadata";

type Config = Record<string, unknown>;

/**
 * The `config.json` that a GGUF file's model had, as far as the computation depends on it. What the metadata lacks comes
 * from the architecture's defaults; what tells itself from the tensors (biases, tied head, head size) from them.
 *
 * @throws ParamscopeError where the metadata lacks a size, or names what is not supported.
 */
export function ggufConfig(
  metadata: GgufMetadata,
  architecture: GgufArchitecture,
  tensors: ReadonlyMap<string, GgufTensor>,
): Config {
  refuseVariants(metadata);
  const has = (name: string): boolean => tensors.has(name);
  const common: Config = {
    model_type: architecture.modelType,
    _name_or_path: metadata.text("general.name"),
    vocab_size: tensors.get("token_embd.weight")?.dimensions[1] ?? metadata.own("vocab_size"),
    tie_word_embeddings: !has("output.weight"),
    bos_token_id: metadata.number("tokenizer.ggml.bos_token_id"),
    eos_token_id: metadata.number("tokenizer.ggml.eos_token_id"),
    ...architecture.defaults,
  };
  switch (architecture.modelType) {
    case "gpt2":
      return {
        ...common,
        n_embd: metadata.ownOrThrow("embedding_length"),
        n_layer: metadata.ownOrThrow("block_count"),
        n_head: metadata.ownOrThrow("attention.head_count"),
        n_positions: metadata.ownOrThrow("context_length"),
        n_inner: metadata.own("feed_forward_length"),
        layer_norm_epsilon: metadata.ownOrThrow("attention.layer_norm_epsilon"),
      };
    case "gpt_neox":
      return {
        ...common,
        ...sizes(metadata),
        layer_norm_eps: metadata.ownOrThrow("attention.layer_norm_epsilon"),
        use_parallel_residual: metadata.ownFlag("use_parallel_residual") ?? true,
        attention_bias: has("blk.0.attn_qkv.bias"),
        rope_parameters: ropeParameters(metadata, architecture, tensors, headSize(metadata, tensors)),
      };
    default:
      return { ...common, ...llamaLike(metadata, architecture, tensors) };
  }
}

function sizes(metadata: GgufMetadata): Config {
  return {
    hidden_size: metadata.ownOrThrow("embedding_length"),
    intermediate_size: metadata.ownOrThrow("feed_forward_length"),
    num_hidden_layers: metadata.ownOrThrow("block_count"),
    num_attention_heads: metadata.ownOrThrow("attention.head_count"),
    max_position_embeddings: metadata.ownOrThrow("context_length"),
  };
}

function llamaLike(
  metadata: GgufMetadata,
  architecture: GgufArchitecture,
  tensors: ReadonlyMap<string, GgufTensor>,
): Config {
  const layers = metadata.ownOrThrow("block_count");
  const heads = metadata.ownOrThrow("attention.head_count");
  const headDim = headSize(metadata, tensors);
  const window = metadata.own("attention.sliding_window") ?? architecture.defaults.sliding_window;
  const rope = ropeParameters(metadata, architecture, tensors, headDim);
  const config: Config = {
    ...sizes(metadata),
    num_key_value_heads: metadata.own("attention.head_count_kv") ?? heads,
    head_dim: headDim,
    rms_norm_eps: metadata.ownOrThrow("attention.layer_norm_rms_epsilon"),
    attention_bias: tensors.has("blk.0.attn_q.bias") || tensors.has("blk.0.attn_qkv.bias"),
    mlp_bias: tensors.has("blk.0.ffn_up.bias"),
    rope_parameters: rope,
  };
  switch (architecture.modelType) {
    case "llama":
      // A Mistral model's GGUF file is of the architecture llama, and says nothing of its window.
      return window ? { ...config, model_type: "mistral", sliding_window: window } : config;
    case "phi3":
      return { ...config, sliding_window: window === 0 ? null : (window ?? null) };
    case "smollm3": {
      const interval = Number(architecture.defaults.no_rope_layer_interval);
      return { ...config, no_rope_layers: range(layers).map((layer) => ((layer + 1) % interval === 0 ? 0 : 1)) };
    }
    case "gemma2":
    case "gemma3_text": {
      const pattern = metadata.ownFlags("attention.sliding_window_pattern");
      const period = metadata.own("attention.sliding_window_pattern") ?? architecture.slidingPattern ?? 1;
      const slides = (layer: number): boolean => pattern?.[layer] ?? (layer + 1) % period !== 0;
      return {
        ...config,
        sliding_window: window,
        layer_types: range(layers).map((layer) => (slides(layer) ? "sliding_attention" : "full_attention")),
        query_pre_attn_scalar:
          layers === architecture.layersScaledByWidth ? metadata.ownOrThrow("embedding_length") / heads : headDim,
        ...softCaps(metadata),
        rope_parameters: architecture.slidingRopeTheta
          ? {
              full_attention: rope,
              sliding_attention: {
                rope_type: "default",
                rope_theta: metadata.own("rope.freq_base_swa") ?? architecture.slidingRopeTheta,
              },
            }
          : rope,
      };
    }
    default:
      return config;
  }
}

/** The soft caps that the metadata gives: the others stay at the defaults. */
function softCaps(metadata: GgufMetadata): Config {
  const caps: Config = {};
  const attention = metadata.own("attn_logit_softcapping");
  if (attention !== undefined) caps.attn_logit_softcapping = attention || null;
  const final = metadata.own("final_logit_softcapping");
  if (final !== undefined) caps.final_logit_softcapping = final || null;
  return caps;
}

/** The size of a head, from the metadata: older conversions give it only where it is not hiddenSize / heads, some not even there. */
function headSize(metadata: GgufMetadata, tensors: ReadonlyMap<string, GgufTensor>): number {
  const heads = metadata.ownOrThrow("attention.head_count");
  const query = tensors.get("blk.0.attn_q.weight")?.dimensions[1];
  const size =
    metadata.own("attention.key_length") ??
    (query !== undefined ? query / heads : metadata.ownOrThrow("embedding_length") / heads);
  const valueSize = metadata.own("attention.value_length") ?? size;
  if (valueSize !== size) {
    throw new ParamscopeError(
      `${metadata.path}: heads have ${size} dimensions for keys and ${valueSize} for values, which is not supported.`,
      "Use another model.",
    );
  }
  return size;
}

/** transformers' `rope_parameters`. */
function ropeParameters(
  metadata: GgufMetadata,
  architecture: GgufArchitecture,
  tensors: ReadonlyMap<string, GgufTensor>,
  headDim: number,
): Config {
  const parameters: Config = {
    rope_type: "default",
    rope_theta: metadata.own("rope.freq_base") ?? architecture.ropeTheta,
  };
  const rotated = metadata.own("rope.dimension_count") ?? headDim;
  if (rotated !== headDim) parameters.partial_rotary_factor = rotated / headDim;

  if (tensors.has("rope_factors_long.weight") || tensors.has("rope_factors_short.weight")) {
    return { ...parameters, rope_type: "longrope" };
  }
  // llama.cpp keeps Llama 3's scaling as one divisor per frequency, not as the four numbers that it came from.
  if (tensors.has("rope_freqs.weight")) {
    return { ...parameters, rope_type: "llama3-factors", factors: "rope_freqs.weight" };
  }
  const factor = metadata.own("rope.scaling.factor") ?? inverse(metadata.own("rope.scale_linear"));
  const type = metadata.ownText("rope.scaling.type") ?? (factor !== undefined && factor !== 1 ? "linear" : "none");
  switch (type) {
    case "none":
      return parameters;
    case "linear":
      return factor === undefined || factor === 1 ? parameters : { ...parameters, rope_type: "linear", factor };
    case "yarn":
      return { ...parameters, rope_type: "yarn", factor, ...yarn(metadata) };
    default:
      return { ...parameters, rope_type: type, factor };
  }
}

function yarn(metadata: GgufMetadata): Config {
  const config: Config = {
    original_max_position_embeddings:
      metadata.own("rope.scaling.original_context_length") ?? metadata.ownOrThrow("context_length"),
    beta_fast: metadata.own("rope.scaling.yarn_beta_fast") ?? 32,
    beta_slow: metadata.own("rope.scaling.yarn_beta_slow") ?? 1,
  };
  const attention = metadata.own("rope.scaling.attn_factor") ?? metadata.own("rope.scaling.yarn_attn_factor");
  // llama.cpp multiplies its own 0.1·ln(factor) + 1 by this; transformers takes attention_factor in its place.
  const factor = metadata.own("rope.scaling.factor");
  if (attention !== undefined && attention !== 1 && factor !== undefined) {
    config.attention_factor = attention * (0.1 * Math.log(factor) + 1);
  }
  return config;
}

function inverse(value: number | undefined): number | undefined {
  return value ? 1 / value : undefined;
}

function range(length: number): number[] {
  return Array.from({ length }, (_, i) => i);
}

/** Models that go by the name of a supported architecture, and compute something else. */
function refuseVariants(metadata: GgufMetadata): void {
  const refuse = (what: string): never => {
    throw new ParamscopeError(`${metadata.path}: ${what} is not supported.`, "Use another model.");
  };
  if ((metadata.own("expert_count") ?? 0) > 0) refuse(`a mixture of experts (${metadata.architecture})`);
  if (metadata.architecture === "olmo2" && metadata.own("attention.sliding_window")) refuse("the architecture olmo3");
  if (metadata.own("attention.clamp_kqv")) refuse("clamping of queries, keys and values (clamp_kqv)");
  for (const key of ["logit_scale", "residual_scale", "embedding_scale", "attention.scale"]) {
    const scale = metadata.own(key);
    if (scale !== undefined && scale !== 0 && scale !== 1) refuse(`${metadata.architecture}.${key} ${scale}`);
  }
}
