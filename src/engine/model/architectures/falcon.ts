import { falconBias } from "./alibi";
import type { Architecture } from "./architecture";
import { normsBefore, parallel, type BlockOrder } from "./block-orders";
import type { ConfigReader } from "./config-reader";
import { decoder, layerNorms } from "./decoder";
import { activationOf, plainFeedForward } from "./feed-forward";
import { groupedQueryKeyValue } from "./fused-attention";
import { inCommonKeys } from "./own-keys";

/** Falcon: fused `query_key_value`, grouped (40B, 180B), with one key for all queries (7B), or one for each (RW, with ALiBi). */
export function falcon(given: ConfigReader): Architecture {
  const own = given.withDefaults({ max_position_embeddings: 2048, tie_word_embeddings: true });
  const hiddenSize = own.values.n_embed === undefined ? own.size("hidden_size") : own.size("n_embed");
  const heads = own.size("num_attention_heads");
  const isNew = own.flag("new_decoder_architecture", false);
  const sharesOneKey = !isNew && own.flag("multi_query", true);
  const keyValueHeads = sharesOneKey ? 1 : (own.optionalSize("num_kv_heads") ?? heads);
  const config = inCommonKeys(own, {
    layers: own.size("num_hidden_layers"),
    hiddenSize,
    feedForwardSize: own.optionalSize("ffn_hidden_size") ?? 4 * hiddenSize,
    queryHeads: heads,
    keyValueHeads,
    context: own.size("max_position_embeddings"),
  });
  const headSize = hiddenSize / heads;
  const isPossible = isNew || sharesOneKey ? heads % keyValueHeads === 0 : heads === keyValueHeads;
  if (!isPossible) config.fail(`has ${heads} query heads for ${keyValueHeads} key heads`);
  const bias = config.flag("bias", false);
  const isTurned = !config.flag("alibi", false);
  return decoder(config, {
    names: {
      blocks: "transformer.h",
      tokens: "transformer.word_embeddings.weight",
      finalNorm: "transformer.ln_f",
      output: "self_attention.dense",
    },
    fused: {
      name: "self_attention.query_key_value",
      layout: groupedQueryKeyValue({ queryHeads: heads, keyValueHeads, headSize }),
    },
    attentionBias: { queryKeyValue: bias, output: bias },
    ...(!isTurned && { rope: "none", positionBias: falconBias(heads, headSize) }),
    norms: layerNorms(config, "layer_norm_epsilon"),
    feedForward: plainFeedForward(config.size("intermediate_size"), activationOf(config, "activation", "gelu"), {
      up: "mlp.dense_h_to_4h",
      down: "mlp.dense_4h_to_h",
      bias,
    }),
    block: falconBlock(config, isNew),
  });
}

/** Where a block's norms stand (`modeling_falcon.py`, `FalconDecoderLayer`). */
function falconBlock(config: ConfigReader, isNew: boolean): BlockOrder {
  const isParallel = config.flag("parallel_attn", true);
  const norms = config.optionalNumber("num_ln_in_parallel_attn") ?? (isNew ? 2 : 1);
  if (!isParallel) {
    if (isNew) config.unsupported("the new decoder architecture with attention and feed-forward one behind the other");
    return normsBefore();
  }
  if (norms === 1) return parallel({ attention: "input_layernorm" });
  if (norms === 2 && isNew) return parallel({ attention: "ln_attn", feedForward: "ln_mlp" });
  return config.unsupported(`${norms} norms in front of attention and feed-forward (num_ln_in_parallel_attn)`);
}
