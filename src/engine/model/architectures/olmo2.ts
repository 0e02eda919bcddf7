import type { Architecture } from "./architecture";
import type { ConfigReader } from "./config-reader";
import { decoder } from "./decoder";

/** OLMo 2: norms behind attention and feed-forward instead of before them, and on whole queries and keys. */
export function olmo2(given: ConfigReader): Architecture {
  const config = given.withDefaults({ rms_norm_eps: 1e-5 }).refusingNull("head_dim");
  const bias = config.flag("attention_bias", false);
  return decoder(config, {
    attentionBias: { queryKeyValue: bias, output: bias },
    queryKeyNorm: "projection",
    block: (b, parts) => {
      const x = b.hidden;
      const attended = b.join(
        "attention",
        b.select(x),
        parts.norm(b, parts.attention(b, x), "post_attention_layernorm"),
      );
      return b.join(
        "feedForward",
        attended,
        parts.norm(b, parts.feedForward(b, attended), "post_feedforward_layernorm"),
      );
    },
  });
}
