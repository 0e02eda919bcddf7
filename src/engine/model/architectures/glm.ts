import type { Architecture } from "./architecture";
import { normsAround } from "./block-orders";
import type { ConfigReader } from "./config-reader";
import { decoder, decoderSizes, type DecoderOptions } from "./decoder";
import { activationOf, fusedFeedForward } from "./feed-forward";
import { commonRopeKeys, ropeOf } from "./rope";

/** GLM-4-9B and GLM-Edge: LLaMA with a fused `gate_up_proj`, biases on q, k, v, and an interleaved rope on half of each head. */
export function glm(given: ConfigReader): Architecture {
  const config = withGlmDefaults(given);
  return decoder(config, glmOptions(config));
}

/** GLM-4-0414: GLM with norms before and behind. */
export function glm4(given: ConfigReader): Architecture {
  const config = withGlmDefaults(given).refusingNull("num_key_value_heads");
  return decoder(config, {
    ...glmOptions(config),
    block: normsAround(
      { attention: "input_layernorm", feedForward: "post_attention_layernorm" },
      { attention: "post_self_attn_layernorm", feedForward: "post_mlp_layernorm" },
    ),
  });
}

function withGlmDefaults(config: ConfigReader): ConfigReader {
  return config
    .withDefaults({ num_key_value_heads: 2, head_dim: 128, rms_norm_eps: 1.5625e-7 })
    .refusingNull("head_dim");
}

function glmOptions(config: ConfigReader): DecoderOptions {
  const { headSize, feedForwardSize } = decoderSizes(config);
  return {
    attentionBias: { queryKeyValue: config.flag("attention_bias", true), output: false },
    rope: {
      full: ropeOf(
        config,
        { headSize, partial: true, interleaved: true },
        { ...commonRopeKeys, share: { key: "partial_rotary_factor", fallback: 0.5 } },
      ),
    },
    feedForward: fusedFeedForward(feedForwardSize, activationOf(config, "hidden_act", "silu")),
  };
}
