import type { Architecture } from "./architecture";
import { normsBehind } from "./block-orders";
import type { ConfigReader } from "./config-reader";
import { decoder, type DecoderOptions } from "./decoder";

/** OLMo 2: norms behind attention and feed-forward instead of before them, and on whole queries and keys. */
export function olmo2(given: ConfigReader): Architecture {
  const config = withOlmoDefaults(given);
  return decoder(config, olmoOptions(config));
}

/** What OLMo 2 and 3 share. */
export function olmoOptions(config: ConfigReader): DecoderOptions {
  const bias = config.flag("attention_bias", false);
  return {
    attentionBias: { queryKeyValue: bias, output: bias },
    queryKeyNorm: "projection",
    block: normsBehind,
  };
}

export function withOlmoDefaults(config: ConfigReader): ConfigReader {
  return config.withDefaults({ rms_norm_eps: 1e-5 }).refusingNull("head_dim");
}
