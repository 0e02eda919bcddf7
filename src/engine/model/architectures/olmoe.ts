import type { Architecture } from "./architecture";
import type { ConfigReader } from "./config-reader";
import { decoder, decoderSizes } from "./decoder";
import { activationOf } from "./feed-forward";
import { gatedExperts, mixture } from "./mixture";
import { inOwnKeys } from "./own-keys";
import { choiceOf, softmaxRouter } from "./routers";

/** OLMoE: LLaMA with norms on whole queries and keys, clipped where the configuration says so, and experts. */
export function olmoe(given: ConfigReader): Architecture {
  const config = inOwnKeys(given, { num_local_experts: "num_experts" })
    .withDefaults({ num_experts: 64, num_experts_per_tok: 8, rms_norm_eps: 1e-5 })
    .refusingNull("head_dim");
  const sizes = decoderSizes(config);
  const bias = config.flag("attention_bias", false);
  const choice = choiceOf(config, "num_experts");
  return decoder(config, {
    attentionBias: { queryKeyValue: bias, output: bias },
    queryKeyNorm: "projection",
    clip: config.has("clip_qkv") ? config.positive("clip_qkv") : undefined,
    feedForward: mixture({
      router: softmaxRouter("mlp.gate", choice, config.flag("norm_topk_prob", false)),
      experts: gatedExperts(choice.experts, sizes.feedForwardSize, activationOf(config, "hidden_act", "silu")),
    }),
  });
}
