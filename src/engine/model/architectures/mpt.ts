import { linearBias, mptSlopes } from "./alibi";
import type { Architecture } from "./architecture";
import { normsBefore } from "./block-orders";
import type { ConfigReader } from "./config-reader";
import { decoder, layerNorms } from "./decoder";
import { plainFeedForward } from "./feed-forward";
import { stackedQueryKeyValue } from "./fused-attention";
import { inCommonKeys, inOwnKeys } from "./own-keys";
import { isFalse } from "./rope-parameters";

/** Names of sizes that others have in common, and MPT's. */
const mptKeys = { num_attention_heads: "n_heads", hidden_size: "d_model", num_hidden_layers: "n_layers" };

/** MPT: ALiBi, no biases, not of norms either, fused `Wqkv`. */
export function mpt(given: ConfigReader): Architecture {
  const own = inOwnKeys(given, mptKeys).withDefaults({ tie_word_embeddings: true });
  const [hiddenSize, heads] = [own.size("d_model"), own.size("n_heads")];
  const config = inCommonKeys(own, {
    layers: own.size("n_layers"),
    hiddenSize,
    feedForwardSize: 4 * hiddenSize,
    queryHeads: heads,
    context: own.size("max_seq_len", 2048),
  });
  const attention = config.object("attn_config") ?? config.inside({});
  refuseVariants(config, attention);
  const headSize = hiddenSize / heads;
  return decoder(config, {
    names: {
      blocks: "transformer.blocks",
      tokens: "transformer.wte.weight",
      finalNorm: "transformer.norm_f",
      output: "attn.out_proj",
    },
    fused: {
      name: "attn.Wqkv",
      layout: stackedQueryKeyValue({ queryHeads: heads, keyValueHeads: heads, headSize }),
    },
    clip: isFalse(attention.values.clip_qkv) ? undefined : attention.positive("clip_qkv"),
    scale: attention.optionalNumber("softmax_scale"),
    rope: "none",
    positionBias: linearBias(mptSlopes(heads)),
    norms: layerNorms(config, "layer_norm_epsilon", "weight"),
    feedForward: plainFeedForward(4 * hiddenSize, (b, x) => b.gelu(x, "none"), {
      up: "ffn.up_proj",
      down: "ffn.down_proj",
    }),
    block: normsBefore({ attention: "norm_1", feedForward: "norm_2" }),
  });
}

/** What MosaicML's own code does, and transformers, which we follow, passes over. */
function refuseVariants(config: ConfigReader, attention: ConfigReader): void {
  if (!attention.flag("alibi", true)) config.unsupported("learned positions (alibi)");
  if (attention.number("alibi_bias_max", 8) !== 8) config.unsupported("other slopes of ALiBi (alibi_bias_max)");
  if (attention.flag("qk_ln", false)) config.unsupported("norms of queries and keys (qk_ln)");
  if (attention.flag("prefix_lm", false)) config.unsupported("a prefix that is read both ways (prefix_lm)");
  if (attention.string("attn_type", "multihead_attention") !== "multihead_attention")
    config.unsupported("keys that heads share (attn_type)");
  if (!config.flag("no_bias", true)) config.unsupported("biases (no_bias)");
  if (config.number("expansion_ratio", 4) !== 4)
    config.unsupported("another width of the feed-forward (expansion_ratio)");
  if (!isFalse(config.values.logit_scale)) config.unsupported("scaled logits (logit_scale)");
  if (!["low_precision_layernorm", "layernorm"].includes(config.string("norm_type", "layernorm")))
    config.unsupported("other norms (norm_type)");
}
