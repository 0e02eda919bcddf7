import type { Architecture } from "./architecture";
import type { ConfigReader } from "./config-reader";
import { decoder, type DecoderOptions } from "./decoder";

/** Granite (dense): LLaMA whose embeddings, scores, residuals and logits are multiplied by numbers of the configuration. */
export function granite(config: ConfigReader): Architecture {
  return decoder(config, { ...graniteOptions(config), feedForwardBias: config.flag("mlp_bias", false) });
}

/** What Granite and its mixtures share. */
export function graniteOptions(config: ConfigReader): DecoderOptions {
  const bias = config.flag("attention_bias", false);
  const divisor = config.number("logits_scaling", 1);
  if (divisor === 0) config.fail("says logits_scaling 0");
  return {
    attentionBias: { queryKeyValue: bias, output: bias },
    embeddingScale: config.number("embedding_multiplier", 1),
    scale: config.number("attention_multiplier", 1),
    residualScale: config.number("residual_multiplier", 1),
    head: { scale: 1 / divisor },
  };
}
