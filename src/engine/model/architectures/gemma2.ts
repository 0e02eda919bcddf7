import type { Architecture } from "./architecture";
import { normsAround } from "./block-orders";
import type { ConfigReader } from "./config-reader";
import { decoder, decoderSizes, requireEvenHeads, windows } from "./decoder";

/** Gemma 2: norms before and behind, weights of norms as 1 + w, soft-capped scores and logits, every other layer slides. */
export function gemma2(given: ConfigReader): Architecture {
  const config = withGemmaDefaults(given).withDefaults({ attn_logit_softcapping: 50, final_logit_softcapping: 30 });
  const sizes = decoderSizes(config);
  return decoder(config, {
    ...gemmaOptions(config),
    attentionSoftcap: config.has("attn_logit_softcapping") ? config.positive("attn_logit_softcapping") : undefined,
    layer: windows(config, sizes.layers, (layer) => layer % 2 === 0),
  });
}

/** What Gemma 2 and 3 share. */
export function gemmaOptions(config: ConfigReader) {
  requireEvenHeads(config);
  const { hiddenSize } = decoderSizes(config);
  refuseBidirectional(config);
  const bias = config.flag("attention_bias", false);
  return {
    attentionBias: { queryKeyValue: bias, output: bias },
    plusOne: true,
    embeddingScale: Math.sqrt(hiddenSize),
    scale: 1 / Math.sqrt(config.size("query_pre_attn_scalar")),
    ...(config.has("final_logit_softcapping") && { head: { softcap: config.positive("final_logit_softcapping") } }),
    activation: { key: "hidden_activation", fallback: "gelu_pytorch_tanh" },
    block: normsAround(
      { attention: "input_layernorm", feedForward: "pre_feedforward_layernorm" },
      { attention: "post_attention_layernorm", feedForward: "post_feedforward_layernorm" },
    ),
  };
}

/** Gemma's head is the embedding, and old configurations do not say so. */
export function withGemmaDefaults(config: ConfigReader): ConfigReader {
  const sizes = { num_key_value_heads: 4, head_dim: 256, query_pre_attn_scalar: 256, sliding_window: 4096 };
  return config.withDefaults({ ...sizes, tie_word_embeddings: true }).refusingNull(...Object.keys(sizes));
}

/** Attention to what comes behind is another model. @throws ParamscopeError */
export function refuseBidirectional(config: ConfigReader): void {
  if (config.has("use_bidirectional_attention") && config.flag("use_bidirectional_attention", false))
    config.unsupported("bidirectional attention");
}
