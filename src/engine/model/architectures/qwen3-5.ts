import type { Architecture } from "./architecture";
import type { ConfigReader } from "./config-reader";
import { decoder, decoderSizes, layerKinds, type DecoderOptions } from "./decoder";
import { activationOf } from "./feed-forward";
import { fusedExperts, gatedExperts, mixture } from "./mixture";
import { gatedDeltaNet } from "./gated-delta-net";
import { sharedExpert } from "./qwen-moe";
import { ropeFrom } from "./rope";
import { ropeParameters } from "./rope-parameters";
import { choiceOf, softmaxRouter } from "./routers";

/** What transformers (`configuration_qwen3_5.py`) takes where a configuration has none. */
const defaults = {
  num_key_value_heads: 4,
  max_position_embeddings: 32768,
  head_dim: 256,
  linear_conv_kernel_dim: 4,
  linear_key_head_dim: 128,
  linear_value_head_dim: 128,
  linear_num_key_heads: 16,
  linear_num_value_heads: 32,
};

/** Qwen3.5 (dense; text): Qwen3 with gated attention that turns a part of each head in some layers, and linear attention in the others. */
export function qwen35(given: ConfigReader): Architecture {
  return hybrid(given);
}

/** Qwen3.5 MoE (text): the same with experts, and one besides that all tokens pass. As published all experts stand in one tensor, gate and up fused; transformers 5 writes a matrix for each. */
export function qwen35Moe(given: ConfigReader): Architecture {
  const known = given.withDefaults({
    num_key_value_heads: 2,
    num_experts: 256,
    num_experts_per_tok: 8,
    moe_intermediate_size: 512,
    shared_expert_intermediate_size: 512,
  });
  const size = known.size("moe_intermediate_size");
  // no layer has a feed-forward without experts
  const config = known.with({ intermediate_size: size });
  const choice = choiceOf(config, "num_experts");
  const activation = activationOf(config, "hidden_act", "silu");
  const fused = {
    input: "gate_up_proj",
    output: "down_proj",
    nameOf: (name: string, expert: number) => `mlp.experts.${expert}.${name}`,
  };
  return hybrid(config, {
    feedForward: mixture({
      router: softmaxRouter("mlp.gate", choice, true),
      experts: config.stores(/\.mlp\.experts\.\d+\.gate_up_proj\.weight$/)
        ? fusedExperts(choice.experts, size, activation, fused)
        : gatedExperts(choice.experts, size, activation),
      shared: sharedExpert(config),
    }),
  });
}

/** Gated delta rules and gated attention, with a feed-forward that is LLaMA's or another one. */
function hybrid(given: ConfigReader, options: Pick<DecoderOptions, "feedForward"> = {}): Architecture {
  const config = given.withDefaults(defaults).refusingNull(...Object.keys(defaults));
  const sizes = decoderSizes(config);
  const { layers, hiddenSize } = sizes;
  const interval = config.size("full_attention_interval", 4);
  const types =
    layerKinds(config, layers, ["full_attention", "linear_attention"]) ??
    Array.from({ length: layers }, (_, layer) =>
      (layer + 1) % interval === 0 ? "full_attention" : "linear_attention",
    );
  const heads = {
    keyHeads: config.size("linear_num_key_heads"),
    valueHeads: config.size("linear_num_value_heads"),
    keySize: config.size("linear_key_head_dim"),
    valueSize: config.size("linear_value_head_dim"),
  };
  if (heads.valueHeads % heads.keyHeads !== 0)
    config.fail(`has ${heads.valueHeads} value heads for ${heads.keyHeads} key heads of linear attention`);
  const mixer = gatedDeltaNet({
    ...heads,
    hiddenSize,
    filterWidth: config.size("linear_conv_kernel_dim"),
    activation: activationOf(config, "hidden_act", "silu"),
    epsilon: config.number("rms_norm_eps", 1e-6),
  });
  const linear = { mixer };
  const rope = ropeParameters(config, {
    theta: { key: "rope_theta", fallback: 10000 },
    share: { key: "partial_rotary_factor", fallback: 0.25 },
  });
  const bias = config.flag("attention_bias", false);
  return decoder(config.with({ layer_types: null }), {
    ...options,
    attentionBias: { queryKeyValue: bias, output: bias },
    gated: true,
    plusOne: true,
    queryKeyNorm: "head",
    rope: { full: ropeFrom(rope, config, { ...sizes, partial: true }) },
    parts: (layer) => (types[layer] === "linear_attention" ? linear : undefined),
  });
}
