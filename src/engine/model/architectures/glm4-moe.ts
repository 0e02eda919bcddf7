import type { Architecture } from "./architecture";
import type { ConfigReader } from "./config-reader";
import { decoder } from "./decoder";
import { limitedExperts } from "./limited-experts";
import { inOwnKeys } from "./own-keys";
import { commonRopeKeys, ropeOf } from "./rope";
import { decoderSizes } from "./decoder";

/** GLM-4.5 and 4.6: dense layers first, then experts as in DeepSeek-V3; a rope on half of each head. */
export function glm4Moe(given: ConfigReader): Architecture {
  const config = inOwnKeys(given, { num_local_experts: "n_routed_experts" }).withDefaults({
    num_key_value_heads: 8,
    rms_norm_eps: 1e-5,
    n_routed_experts: 128,
    num_experts_per_tok: 8,
    n_shared_experts: 1,
    moe_intermediate_size: 1408,
    first_k_dense_replace: 1,
    n_group: 1,
    topk_group: 1,
    routed_scaling_factor: 1,
  });
  const bias = config.flag("attention_bias", false);
  const { headSize } = decoderSizes(config);
  return decoder(config, {
    attentionBias: { queryKeyValue: bias, output: false },
    queryKeyNorm: config.flag("use_qk_norm", false) ? "head" : undefined,
    rope: {
      full: ropeOf(
        config,
        { headSize, partial: true },
        { ...commonRopeKeys, share: { key: "partial_rotary_factor", fallback: 0.5 } },
      ),
    },
    ...limitedExperts(config),
  });
}
