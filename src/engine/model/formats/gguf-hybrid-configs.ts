import { ParamscopeError } from "../../errors";
import { layerTypes, llamaLike, softCap, windowOf, wholeOrPartial, withRmsNorms } from "./gguf-configs";
import type { Config, GgufDescription } from "./gguf-description";
import { perToken, sharedExpertSize } from "./gguf-mixture-configs";

/*
 * As `gguf-configs.ts`, for models whose layers differ in kind.
 */

/** Layers without keys are convolutions. */
export function lfm2Config(description: GgufDescription): Config {
  const { metadata, layers } = description;
  const attending = new Set(description.layersWith("attn_k.weight"));
  return llamaLike("lfm2", {
    norm_eps: metadata.ownOrThrow("attention.layer_norm_rms_epsilon"),
    layer_types: Array.from({ length: layers }, (_, layer) => (attending.has(layer) ? "full_attention" : "conv")),
    conv_L_cache: metadata.ownOrThrow("shortconv.l_cache"),
    conv_bias: description.blockHas("shortconv.conv.bias"),
    block_auto_adjust_ff_dim: false,
  })(description);
}

/** The file of one that sees is that of its text model. */
export function qwen35Config(description: GgufDescription): Config {
  return deltaRules("qwen3_5_text", {}, description);
}

export function qwen35MoeConfig(description: GgufDescription): Config {
  const own = {
    ...perToken(description),
    num_experts: description.experts,
    moe_intermediate_size: description.expertSize,
    shared_expert_intermediate_size: sharedExpertSize(description),
  };
  return deltaRules("qwen3_5_moe_text", own, description);
}

/** Layers without matrices for keys are linear attention. */
function deltaRules(modelType: string, own: Config, description: GgufDescription): Config {
  const { metadata, layers, deltaHeads } = description;
  const attending = new Set(description.layersWith("attn_k.weight"));
  return llamaLike(modelType, {
    ...own,
    layer_types: Array.from({ length: layers }, (_, layer) =>
      attending.has(layer) ? "full_attention" : "linear_attention",
    ),
    linear_conv_kernel_dim: metadata.ownOrThrow("ssm.conv_kernel"),
    linear_num_key_heads: deltaHeads.keyHeads,
    linear_num_value_heads: deltaHeads.valueHeads,
    linear_key_head_dim: deltaHeads.keySize,
    linear_value_head_dim: deltaHeads.valueSize,
    rope_parameters: wholeOrPartial(description),
  })(description);
}

/**
 * The file of one that sees is that of its text model. Sizes are those of kinds of layers, and stand in the tensors; the first layers have keys and
 * values, the others borrow them.
 */
export function gemma4Config(description: GgufDescription): Config {
  const { metadata } = description;
  const types = layerTypes(description, 6);
  const headSizes = {
    full_attention: metadata.ownOrThrow("attention.key_length"),
    sliding_attention: metadata.ownOrThrow("attention.key_length_swa"),
  };
  const keyed = description.layersWith("attn_k.weight");
  const keyHeads = (kind: keyof typeof headSizes): number | undefined => {
    const layer = keyed.find((one) => types[one] === kind);
    const rows = description.tensors.get(`blk.${layer}.attn_k.weight`)?.dimensions[1];
    return rows && rows / headSizes[kind];
  };
  const [full, sliding] = [keyHeads("full_attention"), keyHeads("sliding_attention")];
  const valued = new Set(description.layersWith("attn_v.weight"));
  const borrowing = metadata.own("attention.shared_kv_layers") ?? 0;
  const widths = description
    .layersWith("ffn_down.weight")
    .map((layer) => description.tensors.get(`blk.${layer}.ffn_down.weight`)?.dimensions[0] ?? 0);
  const ofFull = { head_dim: headSizes.full_attention, num_key_value_heads: full };
  return {
    ...withRmsNorms(description),
    model_type: "gemma4_text",
    hidden_activation: "gelu_pytorch_tanh",
    head_dim: headSizes.sliding_attention,
    num_key_value_heads: sliding ?? full,
    layer_types: types,
    per_layer_config: Object.fromEntries(
      types.flatMap((type, layer) => (type === "full_attention" ? [[String(layer), ofFull]] : [])),
    ),
    sliding_window: windowOf(metadata) ?? 512,
    attention_k_eq_v: keyed.some((layer) => types[layer] === "full_attention" && !valued.has(layer)),
    num_kv_shared_layers: borrowing,
    use_double_wide_mlp: borrowing > 0 && widths.at(-1) === 2 * (widths[0] ?? 0),
    hidden_size_per_layer_input: metadata.ownOrThrow("embedding_length_per_layer_input"),
    vocab_size_per_layer_input: description.tensors.get("per_layer_token_embd.weight")?.dimensions[1],
    final_logit_softcapping: softCap(metadata, "final_logit_softcapping", null),
    rope_parameters: {
      full_attention: {
        rope_type: "proportional",
        rope_theta: metadata.own("rope.freq_base") ?? 1_000_000,
        partial_rotary_factor: turnedShare(description, headSizes.full_attention / 2),
      },
      sliding_attention: { rope_type: "default", rope_theta: metadata.own("rope.freq_base_swa") ?? 10_000 },
    },
  };
}

/** Pairs that turn have a divisor of 1, the others one that stops them. */
function turnedShare({ metadata, ropeFactors }: GgufDescription, pairs: number): number {
  const factors = ropeFactors.get("rope_freqs.weight");
  if (factors === undefined) return 1;
  const turning = factors.filter((factor) => factor === 1).length;
  if (factors.length !== pairs || factors.some((factor, pair) => (pair < turning ? factor !== 1 : factor < 1e20)))
    throw new ParamscopeError(
      `${metadata.path}: rotary frequencies of another kind (rope_freqs) than those of ${metadata.architecture} are not supported.`,
      "Use another model.",
    );
  return turning / pairs;
}
