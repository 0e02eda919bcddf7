import type { Architecture } from "./architecture";
import type { ConfigReader } from "./config-reader";
import { decoder, decoderSizes, layerNorms } from "./decoder";
import { activationOf, plainFeedForward } from "./feed-forward";
import { commonRopeKeys, ropeOf } from "./rope";

/** Nemotron and Minitron: layer norms as 1 + w, partial rope, a feed-forward without gate, its activation the square of ReLU. */
export function nemotron(config: ConfigReader): Architecture {
  const { headSize, feedForwardSize } = decoderSizes(config);
  const bias = config.flag("attention_bias", false);
  return decoder(config, {
    attentionBias: { queryKeyValue: bias, output: bias },
    rope: {
      full: ropeOf(
        config,
        { headSize, partial: true },
        { ...commonRopeKeys, share: { key: "partial_rotary_factor", fallback: 0.5 } },
      ),
    },
    norms: { ...layerNorms(config, "norm_eps"), plusOne: true },
    feedForward: plainFeedForward(feedForwardSize, activationOf(config, "hidden_act", "relu2"), {
      bias: config.flag("mlp_bias", false),
    }),
  });
}
