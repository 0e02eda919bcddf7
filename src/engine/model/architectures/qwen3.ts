import type { Architecture } from "./architecture";
import type { ConfigReader } from "./config-reader";
import { decoder } from "./decoder";
import { qwenWindows } from "./qwen2";

/** Qwen3 (dense): LLaMA with an RMS norm on every head of queries and keys. */
export function qwen3(given: ConfigReader): Architecture {
  const config = given.withDefaults({ num_key_value_heads: 32, head_dim: 128 }).refusingNull("head_dim");
  const bias = config.flag("attention_bias", false);
  return decoder(config, {
    attentionBias: { queryKeyValue: bias, output: bias },
    queryKeyNorm: "head",
    layer: qwenWindows(config),
  });
}
