import type { Architecture } from "./architecture";
import type { ConfigReader } from "./config-reader";
import { decoder, decoderSizes, layerNorms, windows } from "./decoder";
import { activationOf, plainFeedForward } from "./feed-forward";

/** StarCoder2: layer norms, biases everywhere, a feed-forward without gate; all layers slide, where there is a window. */
export function starcoder2(given: ConfigReader): Architecture {
  const config = given
    .withDefaults({ num_key_value_heads: 2, tie_word_embeddings: true })
    .refusingNull("num_key_value_heads");
  const { layers, feedForwardSize } = decoderSizes(config);
  const bias = config.flag("use_bias", true);
  return decoder(config, {
    attentionBias: { queryKeyValue: bias, output: bias },
    norms: layerNorms(config, "norm_epsilon"),
    feedForward: plainFeedForward(feedForwardSize, activationOf(config, "hidden_act", "gelu_pytorch_tanh"), {
      up: "mlp.c_fc",
      down: "mlp.c_proj",
      bias,
    }),
    // transformers reads no layer_types here
    layer: windows(config.with({ layer_types: undefined }), layers, () => true),
  });
}
