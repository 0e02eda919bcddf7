import type { Architecture } from "./architecture";
import { normsBefore, parallel } from "./block-orders";
import type { ConfigReader } from "./config-reader";
import { decoder, layerNorms } from "./decoder";
import { activationOf, plainFeedForward } from "./feed-forward";
import { groupedQueryKeyValue } from "./fused-attention";
import { inCommonKeys } from "./own-keys";
import { ropeOf } from "./rope";

/** GPT-NeoX and Pythia: parallel or sequential residual, partial rope, `query_key_value` with q, k, v interleaved per head. */
export function gptNeox(given: ConfigReader): Architecture {
  const [hiddenSize, heads] = [given.size("hidden_size"), given.size("num_attention_heads")];
  const config = inCommonKeys(given, {
    layers: given.size("num_hidden_layers"),
    hiddenSize,
    feedForwardSize: given.size("intermediate_size", 24576),
    queryHeads: heads,
    context: given.size("max_position_embeddings"),
  });
  const headSize = hiddenSize / heads;
  const bias = config.flag("attention_bias", true);
  const rope = ropeOf(
    config,
    // the configuration's head_dim is of the rope alone
    { headSize: given.optionalSize("head_dim") ?? headSize, partial: true },
    { theta: { key: "rotary_emb_base", fallback: 10000 }, share: { key: "rotary_pct", fallback: 0.25 } },
  );
  if (rope.rotated > headSize) config.fail(`turns ${rope.rotated} of ${headSize} values of a head`);
  const order = config.flag("use_parallel_residual", true) ? parallel : normsBefore;
  return decoder(config, {
    names: {
      blocks: "gpt_neox.layers",
      tokens: "gpt_neox.embed_in.weight",
      finalNorm: "gpt_neox.final_layer_norm",
      head: "embed_out.weight",
      output: "attention.dense",
    },
    fused: {
      name: "attention.query_key_value",
      layout: groupedQueryKeyValue({ queryHeads: heads, keyValueHeads: heads, headSize }),
    },
    attentionBias: { queryKeyValue: bias, output: bias },
    rope: { full: rope },
    norms: layerNorms(config, "layer_norm_eps"),
    feedForward: plainFeedForward(config.size("intermediate_size"), activationOf(config, "hidden_act", "gelu"), {
      up: "mlp.dense_h_to_4h",
      down: "mlp.dense_4h_to_h",
      bias: true,
    }),
    block: order({ attention: "input_layernorm", feedForward: "post_attention_layernorm" }),
  });
}
