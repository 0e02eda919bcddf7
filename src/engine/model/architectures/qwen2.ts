import type { Architecture, LayerKind } from "./architecture";
import type { ConfigReader } from "./config-reader";
import { decoder, decoderSizes, layerTypes, windows } from "./decoder";

/** Qwen2 and Qwen2.5: LLaMA with biases on queries, keys and values. */
export function qwen2(given: ConfigReader): Architecture {
  const config = given.withDefaults({ num_key_value_heads: 32 }).refusingNull("head_dim");
  return decoder(config, {
    attentionBias: { queryKeyValue: true, output: false },
    layer: qwenWindows(config),
  });
}

/** Qwen slides only where `use_sliding_window` says so, and then from layer `max_window_layers` on. */
export function qwenWindows(config: ConfigReader): (layer: number) => LayerKind {
  const first = config.number("max_window_layers", 28);
  if (!Number.isInteger(first)) config.fail(`says max_window_layers ${first}`);
  return switchedWindows(config.withDefaults({ sliding_window: 4096 }), (layer) => layer >= first);
}

/** The windows of layers as `windows` reads them, where `use_sliding_window` switches them on. */
export function switchedWindows(
  config: ConfigReader,
  slides: (layer: number) => boolean,
): (layer: number) => LayerKind {
  const { layers } = decoderSizes(config);
  if (config.flag("use_sliding_window", false)) return windows(config, layers, slides);
  // of no effect, and all the same read
  config.optionalSize("sliding_window");
  if (layerTypes(config, layers)?.includes("sliding_attention"))
    config.fail("has layers that slide in layer_types, and use_sliding_window says that none does");
  return () => ({});
}
