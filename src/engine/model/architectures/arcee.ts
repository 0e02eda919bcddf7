import type { Architecture } from "./architecture";
import type { ConfigReader } from "./config-reader";
import { decoder, decoderSizes, requireEvenHeads } from "./decoder";
import { activationOf, plainFeedForward } from "./feed-forward";

/** Arcee (AFM): LLaMA with a feed-forward without gate, its activation the square of ReLU. */
export function arcee(given: ConfigReader): Architecture {
  const config = given.withDefaults({ rms_norm_eps: 1e-5 });
  requireEvenHeads(config);
  const bias = config.flag("attention_bias", false);
  return decoder(config, {
    attentionBias: { queryKeyValue: bias, output: bias },
    feedForward: plainFeedForward(decoderSizes(config).feedForwardSize, activationOf(config, "hidden_act", "relu2"), {
      bias: config.flag("mlp_bias", false),
    }),
  });
}
