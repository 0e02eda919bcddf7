import type { Architecture } from "./architecture";
import type { ConfigReader } from "./config-reader";
import { decoder, decoderSizes } from "./decoder";
import { activationOf } from "./feed-forward";
import { mixtralExperts } from "./mixtral";
import { mixture } from "./mixture";
import { inOwnKeys } from "./own-keys";
import { commonRopeKeys, ropeOf } from "./rope";
import { choiceOf, sigmoidRouter } from "./routers";

/** MiniMax-M2: norms on whole queries and keys, a rope on a part of each head, and Mixtral's experts, chosen by sigmoids as in DeepSeek-V3. */
export function minimaxM2(given: ConfigReader): Architecture {
  const config = withShare(
    inOwnKeys(given, { num_experts: "num_local_experts" })
      .withDefaults({
        num_key_value_heads: 8,
        head_dim: 128,
        num_local_experts: 256,
        num_experts_per_tok: 8,
        rms_norm_eps: 1e-6,
      })
      .refusingNull("head_dim"),
  );
  const sizes = decoderSizes(config);
  const choice = choiceOf(config, "num_local_experts");
  return decoder(config, {
    queryKeyNorm: "projection",
    rope: {
      full: ropeOf(
        config,
        { headSize: sizes.headSize, partial: true },
        {
          ...commonRopeKeys,
          theta: { key: "rope_theta", fallback: 5e6 },
          share: { key: "partial_rotary_factor", fallback: 1 },
        },
      ),
    },
    feedForward: mixture({
      router: sigmoidRouter("block_sparse_moe.gate", choice, {
        groups: 1,
        perToken: 1,
        correction: "block_sparse_moe.e_score_correction_bias",
        normalizes: true,
        scale: 1,
      }),
      experts: mixtralExperts(choice.experts, sizes.feedForwardSize, activationOf(config, "hidden_act", "silu")),
    }),
  });
}

/** The published files say in `rotary_dim` how many values of a head turn; a share that is said outright counts before it. */
function withShare(config: ConfigReader): ConfigReader {
  if (!config.has("rotary_dim") || config.has("partial_rotary_factor")) return config;
  return config.with({ partial_rotary_factor: config.size("rotary_dim") / config.size("head_dim") });
}
