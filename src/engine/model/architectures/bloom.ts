import { bloomSlopes, linearBias } from "./alibi";
import type { Architecture } from "./architecture";
import { normsBefore } from "./block-orders";
import type { ConfigReader } from "./config-reader";
import { decoder, layerNorms } from "./decoder";
import { activationOf, plainFeedForward } from "./feed-forward";
import { groupedQueryKeyValue } from "./fused-attention";
import { normOf } from "./norm";
import { inCommonKeys, inOwnKeys } from "./own-keys";

/** BLOOM: ALiBi, layer norms, also of embeddings, biases, `query_key_value` with q, k, v interleaved per head. */
export function bloom(given: ConfigReader): Architecture {
  const own = inOwnKeys(given, { num_hidden_layers: "n_layer", num_attention_heads: "n_head" }).withDefaults({
    tie_word_embeddings: true,
  });
  const hiddenSize = own.values.n_embed === undefined ? own.size("hidden_size") : own.size("n_embed");
  const heads = own.size("n_head");
  const config = inCommonKeys(own, {
    layers: own.size("n_layer"),
    hiddenSize,
    feedForwardSize: 4 * hiddenSize,
    queryHeads: heads,
    // what it was trained with; transformers reads on
    context: own.size("seq_length", 2048),
  });
  if (config.flag("apply_residual_connection_post_layernorm", false))
    config.unsupported("a residual stream behind the norms (apply_residual_connection_post_layernorm)");
  const norms = layerNorms(config, "layer_norm_epsilon");
  // no configuration names its activation, and one that does is another model's
  const activation = activationOf(config.with({ hidden_act: "gelu_pytorch_tanh" }), "hidden_act", "");
  return decoder(config, {
    names: {
      blocks: "transformer.h",
      tokens: "transformer.word_embeddings.weight",
      finalNorm: "transformer.ln_f",
      output: "self_attention.dense",
    },
    embedding: { norm: normOf(norms, "transformer.word_embeddings_layernorm") },
    fused: {
      name: "self_attention.query_key_value",
      layout: groupedQueryKeyValue({ queryHeads: heads, keyValueHeads: heads, headSize: hiddenSize / heads }),
    },
    attentionBias: { queryKeyValue: true, output: true },
    rope: "none",
    positionBias: linearBias(bloomSlopes(heads)),
    norms,
    feedForward: plainFeedForward(4 * hiddenSize, activation, {
      up: "mlp.dense_h_to_4h",
      down: "mlp.dense_4h_to_h",
      bias: true,
    }),
    block: normsBefore(),
  });
}
