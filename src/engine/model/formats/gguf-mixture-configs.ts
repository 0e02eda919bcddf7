import { graniteConfig, llamaLike, windowOf, wholeOrPartial } from "./gguf-configs";
import type { Config, GgufDescription } from "./gguf-description";
import { ropeParameters } from "./gguf-rope";

/*
 * As `gguf-configs.ts`, for mixtures of experts. What their routers do is written in `src/models/*.cpp` (`build_moe_ffn`), unless metadata say it.
 */

export function perToken({ metadata }: GgufDescription): Config {
  return { num_experts_per_tok: metadata.ownOrThrow("expert_used_count") };
}

export function mixtralConfig(description: GgufDescription): Config {
  return llamaLike("mixtral", {
    ...perToken(description),
    num_local_experts: description.experts,
    sliding_window: windowOf(description.metadata) ?? null,
  })(description);
}

export function minimaxM2Config(description: GgufDescription): Config {
  return llamaLike("minimax_m2", {
    ...perToken(description),
    num_local_experts: description.experts,
    intermediate_size: description.expertSize,
    rope_parameters: wholeOrPartial(description),
  })(description);
}

/** Experts in all layers, Qwen's way. */
function qwenMoe(modelType: string, description: GgufDescription, normalizes: boolean): Config {
  return llamaLike(modelType, {
    ...perToken(description),
    num_experts: description.experts,
    moe_intermediate_size: description.expertSize,
    norm_topk_prob: description.metadata.ownFlag("expert_weights_norm") ?? normalizes,
    decoder_sparse_step: 1,
    mlp_only_layers: [],
    use_sliding_window: false,
  })(description);
}

export function qwen2MoeConfig(description: GgufDescription): Config {
  const { attention_bias: bias, ...common } = qwenMoe("qwen2_moe", description, false);
  return { ...common, qkv_bias: bias, shared_expert_intermediate_size: sharedExpertSize(description) };
}

/** The size of what all tokens pass besides experts. */
export function sharedExpertSize(description: GgufDescription): number {
  return (
    description.dimensions("ffn_down_shexp")?.[0] ??
    description.metadata.ownOrThrow("expert_shared_feed_forward_length")
  );
}

export function qwen3MoeConfig(description: GgufDescription): Config {
  return qwenMoe("qwen3_moe", description, true);
}

/** The converter does not write how queries, keys and values are clipped; the published models' are not. */
export function olmoeConfig(description: GgufDescription): Config {
  return llamaLike("olmoe", {
    ...perToken(description),
    num_experts: description.experts,
    intermediate_size: description.expertSize,
    norm_topk_prob: description.metadata.ownFlag("expert_weights_norm") ?? false,
    clip_qkv: description.metadata.ownButZero("attention.clamp_kqv") ?? null,
  })(description);
}

export function graniteMoeConfig(description: GgufDescription): Config {
  return {
    ...graniteConfig(description),
    ...perToken(description),
    model_type: "granitemoe",
    num_local_experts: description.experts,
    intermediate_size: description.expertSize,
  };
}

/** What the published models have in common is not in the file: how gates are clamped, and that their yarn is not rounded to whole dimensions. */
export function gptOssConfig(description: GgufDescription): Config {
  const rope = ropeParameters(description, 150_000);
  return llamaLike("gpt_oss", {
    ...perToken(description),
    num_local_experts: description.experts,
    intermediate_size: description.expertSize,
    sliding_window: description.metadata.ownOrThrow("attention.sliding_window"),
    layer_types: Array.from({ length: description.layers }, (_, layer) =>
      (layer + 1) % 2 === 0 ? "full_attention" : "sliding_attention",
    ),
    rope_parameters: rope.rope_type === "yarn" ? { ...rope, truncate: false } : rope,
  })(description);
}

/** Experts as DeepSeek-V3 has them; without groups all of them are one. */
function limitedExperts(description: GgufDescription): Config {
  const { metadata } = description;
  return {
    ...perToken(description),
    n_routed_experts: description.experts,
    n_shared_experts: metadata.ownOrThrow("expert_shared_count"),
    moe_intermediate_size: description.expertSize,
    first_k_dense_replace: metadata.own("leading_dense_block_count") ?? 0,
    n_group: metadata.ownButZero("expert_group_count") ?? 1,
    topk_group: metadata.ownButZero("expert_group_used_count") ?? 1,
    norm_topk_prob: metadata.ownFlag("expert_weights_norm") ?? false,
    routed_scaling_factor: metadata.ownButZero("expert_weights_scale") ?? 1,
  };
}

export function glm4MoeConfig(description: GgufDescription): Config {
  return llamaLike("glm4_moe", {
    ...limitedExperts(description),
    use_qk_norm: description.blockHas("attn_q_norm.weight"),
    rope_parameters: wholeOrPartial(description),
  })(description);
}

export function deepseekV3Config(description: GgufDescription): Config {
  const { metadata, heads, latentSizes } = description;
  const isGrouped = metadata.own("expert_group_count") !== undefined;
  return {
    ...limitedExperts(description),
    // the groups of DeepSeek-V3 and R1, whose first conversions do not say them
    ...(!isGrouped && description.experts === 256 && description.layers === 61 && { n_group: 8, topk_group: 4 }),
    model_type: "deepseek_v3",
    hidden_act: "silu",
    hidden_size: description.hiddenSize,
    intermediate_size: description.feedForwardSize,
    num_hidden_layers: description.layers,
    num_attention_heads: heads,
    num_key_value_heads: heads,
    max_position_embeddings: metadata.ownOrThrow("context_length"),
    rms_norm_eps: metadata.ownOrThrow("attention.layer_norm_rms_epsilon"),
    attention_bias: description.blockHas("attn_q_a.bias"),
    q_lora_rank: metadata.ownButZero("attention.q_lora_rank") ?? null,
    kv_lora_rank: metadata.ownOrThrow("attention.kv_lora_rank"),
    qk_nope_head_dim: latentSizes.plain,
    qk_rope_head_dim: latentSizes.turned,
    v_head_dim: latentSizes.value,
    rope_interleave: true,
    rope_parameters: latentRope(description),
  };
}

/** The converter multiplied the weight of yarn's scale by 0.1; llama.cpp takes both of its weights for that one. */
function latentRope(description: GgufDescription): Config {
  const rope = ropeParameters(description, undefined, description.latentSizes.turned);
  const weight = description.metadata.ownButZero("rope.scaling.yarn_log_multiplier");
  if (rope.rope_type !== "yarn" || weight === undefined) return rope;
  const whole = Math.fround(weight * 10);
  return { ...rope, mscale: whole, mscale_all_dim: whole };
}
