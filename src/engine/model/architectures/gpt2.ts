import type { Architecture } from "./architecture";
import { normsBefore } from "./block-orders";
import type { ConfigReader } from "./config-reader";
import { decoder, layerNorms } from "./decoder";
import { activationOf, plainFeedForward } from "./feed-forward";
import { stackedQueryKeyValue } from "./fused-attention";
import { inCommonKeys, inOwnKeys } from "./own-keys";

/** The common names of sizes, and GPT-2's. */
export const gptKeys = {
  hidden_size: "n_embd",
  num_hidden_layers: "n_layer",
  num_attention_heads: "n_head",
  max_position_embeddings: "n_positions",
} as const;

/** GPT-2: learned positions, layer norms, biases, fused `c_attn`. */
export function gpt2(given: ConfigReader): Architecture {
  const own = inOwnKeys(given, gptKeys).withDefaults({ n_positions: 1024, tie_word_embeddings: true });
  const [hiddenSize, heads] = [own.size("n_embd"), own.size("n_head")];
  const config = inCommonKeys(own, {
    layers: own.size("n_layer"),
    hiddenSize,
    feedForwardSize: own.optionalSize("n_inner") ?? 4 * hiddenSize,
    queryHeads: heads,
    context: own.size("n_positions"),
  });
  if (config.flag("scale_attn_by_inverse_layer_idx", false))
    config.unsupported("attention scaled by the layer's number");
  if (config.flag("add_cross_attention", false)) config.unsupported("cross attention");
  const headSize = hiddenSize / heads;
  return decoder(config, {
    names: {
      blocks: "transformer.h",
      tokens: "transformer.wte.weight",
      finalNorm: "transformer.ln_f",
      output: "attn.c_proj",
    },
    embedding: { positions: { weight: "transformer.wpe.weight", offset: 0 } },
    fused: {
      name: "attn.c_attn",
      layout: stackedQueryKeyValue({ queryHeads: heads, keyValueHeads: heads, headSize }),
    },
    attentionBias: { queryKeyValue: true, output: true },
    scale: config.flag("scale_attn_weights", true) ? 1 / Math.sqrt(headSize) : 1,
    rope: "none",
    norms: layerNorms(config, "layer_norm_epsilon"),
    feedForward: plainFeedForward(
      config.size("intermediate_size"),
      activationOf(config, "activation_function", "gelu_new"),
      { up: "mlp.c_fc", down: "mlp.c_proj", bias: true },
    ),
    block: normsBefore({ attention: "ln_1", feedForward: "ln_2" }),
  });
}
