import type { Architecture } from "./architecture";
import type { ConfigReader } from "./config-reader";
import { decoder } from "./decoder";

/** OLMo (1): LLaMA with layer norms that have no weights, and clipped queries, keys and values where the configuration says so. */
export function olmo(given: ConfigReader): Architecture {
  const config = given.refusingNull("head_dim");
  const bias = config.flag("attention_bias", false);
  return decoder(config, {
    attentionBias: { queryKeyValue: bias, output: bias },
    norms: { kind: "layer", tensors: "none", epsilon: 1e-5 },
    clip: config.has("clip_qkv") ? config.positive("clip_qkv") : undefined,
  });
}
