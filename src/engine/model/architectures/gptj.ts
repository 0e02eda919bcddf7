import type { Architecture } from "./architecture";
import { parallel } from "./block-orders";
import type { ConfigReader } from "./config-reader";
import { decoder, layerNorms } from "./decoder";
import { activationOf, plainFeedForward } from "./feed-forward";
import { gptKeys } from "./gpt2";
import { inCommonKeys, inOwnKeys } from "./own-keys";

/** GPT-J: one layer norm for attention and feed-forward side by side, interleaved partial rope, a bias of logits. */
export function gptj(given: ConfigReader): Architecture {
  const own = inOwnKeys(given, gptKeys);
  const hiddenSize = own.size("n_embd");
  const config = inCommonKeys(own, {
    layers: own.size("n_layer"),
    hiddenSize,
    feedForwardSize: own.optionalSize("n_inner") ?? 4 * hiddenSize,
    queryHeads: own.size("n_head"),
    context: own.size("n_positions", 2048),
  });
  const rotated = config.size("rotary_dim", 64);
  if (rotated % 2 !== 0 || rotated > config.size("head_dim"))
    config.fail(`turns ${rotated} of ${config.size("head_dim")} values of a head`);
  const frequencies = Float32Array.from({ length: rotated / 2 }, (_, i) => 1 / 10000 ** ((2 * i) / rotated));
  return decoder(config, {
    names: {
      blocks: "transformer.h",
      tokens: "transformer.wte.weight",
      finalNorm: "transformer.ln_f",
      query: "attn.q_proj",
      key: "attn.k_proj",
      value: "attn.v_proj",
      output: "attn.out_proj",
    },
    rope: { full: { rotated, interleaved: true, frequencies, scale: 1 } },
    norms: layerNorms(config, "layer_norm_epsilon"),
    feedForward: plainFeedForward(
      config.size("intermediate_size"),
      activationOf(config, "activation_function", "gelu_new"),
      { up: "mlp.fc_in", down: "mlp.fc_out", bias: true },
    ),
    head: { bias: "lm_head.bias" },
    block: parallel({ attention: "ln_1" }),
  });
}
