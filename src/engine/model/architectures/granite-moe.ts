import type { Architecture } from "./architecture";
import type { ConfigReader } from "./config-reader";
import { decoder, decoderSizes } from "./decoder";
import { activationOf } from "./feed-forward";
import { graniteOptions } from "./granite";
import { fusedExperts, mixture } from "./mixture";
import { choiceOf, topSoftmaxRouter } from "./routers";

/** Granite 3.0 MoE (1B and 3B): Granite with experts whose matrices are stored as one tensor, gate and up fused. */
export function graniteMoe(given: ConfigReader): Architecture {
  const config = given.withDefaults({ num_local_experts: 8, num_experts_per_tok: 2 });
  const sizes = decoderSizes(config);
  const choice = choiceOf(config, "num_local_experts");
  return decoder(config, {
    ...graniteOptions(config),
    feedForward: mixture({
      router: topSoftmaxRouter("block_sparse_moe.router.layer", choice),
      experts: fusedExperts(choice.experts, sizes.feedForwardSize, activationOf(config, "hidden_act", "silu"), {
        input: "input_linear",
        output: "output_linear",
        nameOf: (name, expert) => `block_sparse_moe.${name}.${expert}`,
      }),
    }),
  });
}
