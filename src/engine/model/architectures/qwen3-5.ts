import type { Architecture } from "./architecture";
import type { ConfigReader } from "./config-reader";
import { decoder, decoderSizes, layerKinds } from "./decoder";
import { activationOf } from "./feed-forward";
import { gatedDeltaNet } from "./gated-delta-net";
import { ropeFrom } from "./rope";
import { ropeParameters } from "./rope-parameters";

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
    attentionBias: { queryKeyValue: bias, output: bias },
    gated: true,
    plusOne: true,
    queryKeyNorm: "head",
    rope: { full: ropeFrom(rope, config, { ...sizes, partial: true }) },
    parts: (layer) => (types[layer] === "linear_attention" ? linear : undefined),
  });
}
