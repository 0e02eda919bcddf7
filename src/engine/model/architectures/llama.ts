import type { Architecture } from "./architecture";
import type { ConfigReader } from "./config-reader";
import { decoder, requireEvenHeads } from "./decoder";

/** LLaMA 1 to 3, SmolLM, TinyLlama and all that share their shape; rope plain, linear, llama3 or yarn. */
export function llama(config: ConfigReader): Architecture {
  requireEvenHeads(config);
  const bias = config.flag("attention_bias", false);
  return decoder(config, {
    attentionBias: { queryKeyValue: bias, output: bias },
    feedForwardBias: config.flag("mlp_bias", false),
  });
}
