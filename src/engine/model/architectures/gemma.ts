import type { Architecture } from "./architecture";
import type { ConfigReader } from "./config-reader";
import { decoder, decoderSizes } from "./decoder";
import { refuseBidirectional } from "./gemma2";

/** Gemma (1): LLaMA with norms as 1 + w, scaled embeddings, and GELU. */
export function gemma(given: ConfigReader): Architecture {
  const sizes = { num_key_value_heads: 16, head_dim: 256 };
  const config = given
    .withDefaults({ ...sizes, tie_word_embeddings: true, hidden_act: "gelu_pytorch_tanh" })
    .refusingNull(...Object.keys(sizes));
  refuseBidirectional(config);
  const bias = config.flag("attention_bias", false);
  // the first configurations say gelu of what was trained with its approximation
  const meant = config.values.hidden_act === "gelu" ? config.with({ hidden_act: "gelu_pytorch_tanh" }) : config;
  return decoder(meant, {
    attentionBias: { queryKeyValue: bias, output: bias },
    plusOne: true,
    embeddingScale: Math.sqrt(decoderSizes(config).hiddenSize),
  });
}
