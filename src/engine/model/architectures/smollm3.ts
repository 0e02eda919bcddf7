import type { Architecture } from "./architecture";
import type { ConfigReader } from "./config-reader";
import { decoder, decoderSizes } from "./decoder";
import { qwenWindows } from "./qwen2";

/** SmolLM3: LLaMA in which every fourth layer leaves positions alone (NoPE). */
export function smollm3(config: ConfigReader): Architecture {
  const { layers } = decoderSizes(config);
  const interval = config.size("no_rope_layer_interval", 4);
  const rotary = config.perLayer("no_rope_layers", layers);
  const window = qwenWindows(config);
  const bias = config.flag("attention_bias", false);
  return decoder(config.with({ tie_word_embeddings: config.flag("tie_word_embeddings", true) }), {
    attentionBias: { queryKeyValue: bias, output: bias },
    feedForwardBias: config.flag("mlp_bias", false),
    layer: (layer) => ({
      ...window(layer),
      rotary: rotary ? rotary[layer] === 1 || rotary[layer] === true : (layer + 1) % interval !== 0,
    }),
  });
}
