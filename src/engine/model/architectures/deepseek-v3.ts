import type { Architecture } from "./architecture";
import type { ConfigReader } from "./config-reader";
import { decoder } from "./decoder";
import { latentAttention } from "./latent-attention";
import { limitedExperts } from "./limited-experts";
import { inOwnKeys } from "./own-keys";
import { commonRopeKeys, ropeFrom } from "./rope";
import { ropeParameters } from "./rope-parameters";

/** Norms of narrow vectors have the epsilon of transformers' RMS norm, whatever the configuration says. */
const LATENT_EPSILON = 1e-6;

/** DeepSeek-V3 and R1: latent attention; dense layers first, then experts within the best groups, and shared ones. */
export function deepseekV3(given: ConfigReader): Architecture {
  const config = inOwnKeys(given, { num_local_experts: "n_routed_experts" }).withDefaults({
    n_routed_experts: 256,
    num_experts_per_tok: 8,
    n_shared_experts: 1,
    moe_intermediate_size: 2048,
    first_k_dense_replace: 3,
    n_group: 8,
    topk_group: 4,
    routed_scaling_factor: 2.5,
    kv_lora_rank: 512,
    q_lora_rank: 1536,
    qk_rope_head_dim: 64,
    qk_nope_head_dim: 128,
    v_head_dim: 128,
  });
  const heads = config.size("num_attention_heads");
  const keyHeads = config.optionalSize("num_key_value_heads") ?? heads;
  if (keyHeads !== heads) config.unsupported(`latent attention of ${heads} heads with ${keyHeads} key heads`);
  const [plainSize, turnedSize] = [config.size("qk_nope_head_dim"), config.size("qk_rope_head_dim")];
  const settings = ropeParameters(config, commonRopeKeys);
  const isInterleaved = config.flag("rope_interleave", true);
  const rope = ropeFrom(settings, config, { headSize: turnedSize, even: true, interleaved: isInterleaved });
  return decoder(config.with({ head_dim: turnedSize, num_key_value_heads: heads }), {
    rope: { full: rope },
    mixer: latentAttention(
      {
        hiddenSize: config.size("hidden_size"),
        heads,
        queryRank: config.optionalSize("q_lora_rank"),
        keyValueRank: config.size("kv_lora_rank"),
        plainSize,
        turnedSize,
        valueSize: config.size("v_head_dim"),
      },
      {
        rope,
        scale: (plainSize + turnedSize) ** -0.5 * yarnScale(settings) ** 2,
        bias: config.flag("attention_bias", false),
        norm: (name) => ({ kind: "rms", weight: `${name}.weight`, epsilon: LATENT_EPSILON }),
      },
    ),
    ...limitedExperts(config),
  });
}

/** What yarn scales scores by beside the rope (`yarn_apply_mscale` in modeling_deepseek_v3.py). */
function yarnScale(settings: ConfigReader): number {
  if (settings.string("rope_type") === "default") return 1;
  const weight = settings.optionalNumber("mscale_all_dim") ?? 0;
  if (weight === 0) return 1;
  const factor = settings.number("factor");
  return factor <= 1 ? 1 : 0.1 * weight * Math.log(factor) + 1;
}
