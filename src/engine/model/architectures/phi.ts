import type { Architecture } from "./architecture";
import { parallel } from "./block-orders";
import type { ConfigReader } from "./config-reader";
import { decoder, decoderSizes, layerNorms } from "./decoder";
import { activationOf, plainFeedForward } from "./feed-forward";
import { normOf } from "./norm";
import { commonRopeKeys, ropeOf } from "./rope";

/** Phi-1 to Phi-2: one layer norm for attention and feed-forward side by side, biases everywhere, partial rope. */
export function phi(given: ConfigReader): Architecture {
  const config = given.refusingNull("head_dim");
  const { headSize, feedForwardSize } = decoderSizes(config);
  const norms = layerNorms(config, "layer_norm_eps");
  const isNormed = config.flag("qk_layernorm", false);
  return decoder(config, {
    names: { finalNorm: "model.final_layernorm", output: "self_attn.dense" },
    attentionBias: { queryKeyValue: true, output: true },
    queryKeyNorm: isNormed
      ? {
          apply: (b, x, side) =>
            b.normalize(x, normOf(norms, side === "query" ? "self_attn.q_layernorm" : "self_attn.k_layernorm")),
        }
      : undefined,
    rope: {
      full: ropeOf(
        config,
        { headSize, partial: true, even: true },
        { ...commonRopeKeys, share: { key: "partial_rotary_factor", fallback: 0.5 } },
      ),
    },
    norms,
    feedForward: plainFeedForward(feedForwardSize, activationOf(config, "hidden_act", "gelu_new"), {
      up: "mlp.fc1",
      down: "mlp.fc2",
      bias: true,
    }),
    head: { bias: "lm_head.bias" },
    block: parallel({ attention: "input_layernorm" }),
  });
}
