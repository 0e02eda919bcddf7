import type { ConfigReader } from "./config-reader";
import { decoderSizes, type DecoderOptions } from "./decoder";
import { activationOf, gatedFeedForward } from "./feed-forward";
import { gatedExperts, mixture, namesIn } from "./mixture";
import { choiceOf, sigmoidRouter } from "./routers";

/** DeepSeek-V3's feed-forwards: of the first layers LLaMA's; of the others experts within the best groups, and shared ones. */
export function limitedExperts(config: ConfigReader): Pick<DecoderOptions, "feedForward" | "parts"> {
  const { feedForwardSize, layers } = decoderSizes(config);
  const activation = activationOf(config, "hidden_act", "silu");
  const plain = gatedFeedForward(feedForwardSize, activation);
  const dense = config.number("first_k_dense_replace");
  if (!Number.isInteger(dense)) config.fail(`says first_k_dense_replace ${dense}`);
  if (dense >= layers) return { feedForward: plain };

  const choice = choiceOf(config, "n_routed_experts");
  const [groups, perToken] = [config.size("n_group"), config.size("topk_group")];
  const inGroup = choice.experts / groups;
  if (!Number.isInteger(inGroup) || inGroup < 2)
    config.fail(`has ${choice.experts} experts in ${groups} groups, and a group has at least two`);
  if (perToken > groups || choice.perToken > perToken * inGroup)
    config.fail(`takes ${choice.perToken} experts of ${perToken} groups of ${inGroup}`);
  const size = config.size("moe_intermediate_size");
  const shared = gatedFeedForward(size * config.size("n_shared_experts"), activation, namesIn("mlp.shared_experts"));
  const ofDense = { feedForward: plain };
  return {
    feedForward: mixture({
      router: sigmoidRouter("mlp.gate", choice, {
        groups,
        perToken,
        correction: "mlp.gate.e_score_correction_bias",
        normalizes: config.flag("norm_topk_prob", true),
        scale: config.number("routed_scaling_factor"),
      }),
      experts: gatedExperts(choice.experts, size, activation),
      shared: (b, x) => shared.apply(b, x),
    }),
    parts: (layer) => (layer < dense ? ofDense : undefined),
  };
}
