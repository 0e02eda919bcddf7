import type { Architecture } from "./architecture";
import type { ConfigReader } from "./config-reader";
import { decoder, decoderSizes } from "./decoder";
import { switchedWindows } from "./qwen2";

/** SmolLM3: LLaMA in which every fourth layer leaves positions alone (NoPE); where windows are switched on, those layers slide. */
export function smollm3(given: ConfigReader): Architecture {
  const config = given
    .withDefaults({ tie_word_embeddings: true, rope_theta: 2e6, num_key_value_heads: 4 })
    .refusingNull("head_dim");
  const { layers } = decoderSizes(config);
  const interval = config.size("no_rope_layer_interval", 4);
  const turns = config.perLayer("no_rope_layers", layers);
  if (turns !== undefined && !turns.every(Number.isInteger))
    config.fail("says no_rope_layers with entries that are no whole numbers");
  const rotary = (layer: number): boolean => (turns ? turns[layer] !== 0 : (layer + 1) % interval !== 0);
  const window = switchedWindows(config, (layer) => !rotary(layer));
  const bias = config.flag("attention_bias", false);
  return decoder(config, {
    attentionBias: { queryKeyValue: bias, output: bias },
    feedForwardBias: config.flag("mlp_bias", false),
    layer: (layer) => ({ ...window(layer), rotary: rotary(layer) }),
  });
}
