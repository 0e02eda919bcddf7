import type { Architecture } from "./architecture";
import type { ConfigReader } from "./config-reader";
import { decoder, decoderSizes, windows } from "./decoder";

/**
 * Mistral: LLaMA with a sliding window in every layer, where the configuration gives one. With `layer_types` transformers takes it for a
 * Ministral (`configuration_auto.py`), in which some layers slide, and which makes masks of both kinds and no guess at `head_dim`.
 */
export function mistral(given: ConfigReader): Architecture {
  const config = given
    .withDefaults({ sliding_window: 4096, num_key_value_heads: 8 })
    .refusingNull("num_key_value_heads");
  if (config.values.layer_types !== undefined) ["head_dim", "sliding_window"].forEach((key) => config.size(key));
  return decoder(config, { layer: windows(config, decoderSizes(config).layers, () => true) });
}
