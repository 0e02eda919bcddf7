import type { Architecture } from "./architecture";
import type { ConfigReader } from "./config-reader";
import { decoder } from "./decoder";

/** Seed-OSS: LLaMA with biases on queries, keys and values. */
export function seedOss(given: ConfigReader): Architecture {
  const config = given.withDefaults({ num_key_value_heads: 8, head_dim: 128 });
  return decoder(config, {
    attentionBias: {
      queryKeyValue: config.flag("attention_bias", true),
      output: config.flag("attention_out_bias", false),
    },
    feedForwardBias: config.flag("mlp_bias", false),
  });
}
