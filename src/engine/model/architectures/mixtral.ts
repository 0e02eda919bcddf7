import type { Architecture, Experts } from "./architecture";
import type { ConfigReader } from "./config-reader";
import { decoder, decoderSizes } from "./decoder";
import { activationOf, type Activation } from "./feed-forward";
import { gatedExperts, mixture } from "./mixture";
import { inOwnKeys } from "./own-keys";
import { commonRopeKeys, ropeOf } from "./rope";
import { choiceOf, softmaxRouter } from "./routers";

/** Mixtral: Mistral whose feed-forward is a mixture of experts. */
export function mixtral(given: ConfigReader): Architecture {
  const config = inOwnKeys(given, { num_experts: "num_local_experts" }).withDefaults({
    num_key_value_heads: 8,
    num_local_experts: 8,
    num_experts_per_tok: 2,
    rms_norm_eps: 1e-5,
  });
  const sizes = decoderSizes(config);
  const choice = choiceOf(config, "num_local_experts");
  const window = config.optionalSize("sliding_window");
  return decoder(config, {
    rope: { full: ropeOf(config, sizes, { ...commonRopeKeys, theta: { key: "rope_theta", fallback: 1e6 } }) },
    layer: () => (window === undefined ? {} : { window }),
    feedForward: mixture({
      router: softmaxRouter("block_sparse_moe.gate", choice, true),
      experts: mixtralExperts(choice.experts, sizes.feedForwardSize, activationOf(config, "hidden_act", "silu")),
    }),
  });
}

/** Gated feed-forwards under Mixtral's names: `block_sparse_moe.experts.3.w1` is the gate, `w3` up, `w2` down. */
export function mixtralExperts(count: number, size: number, activation: Activation): Experts {
  return gatedExperts(count, size, activation, {
    prefix: "block_sparse_moe.experts",
    names: { gate: "w1", up: "w3", down: "w2" },
  });
}
