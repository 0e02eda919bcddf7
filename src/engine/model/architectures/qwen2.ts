import type { Architecture, LayerKind } from "./architecture";
import type { ConfigReader } from "./config-reader";
import { decoder, decoderSizes, windows } from "./decoder";

/** Qwen2 and Qwen2.5: LLaMA with biases on queries, keys and values. */
export function qwen2(config: ConfigReader): Architecture {
  return decoder(config, {
    attentionBias: { queryKeyValue: true, output: false },
    layer: qwenWindows(config),
  });
}

/** Qwen slides only where `use_sliding_window` says so, and then from layer `max_window_layers` on. */
export function qwenWindows(config: ConfigReader): (layer: number) => LayerKind {
  const first = config.number("max_window_layers", 28);
  return switchedWindows(config.withDefaults({ sliding_window: 4096 }), (layer) => layer >= first);
}

/** As `windows`, where `use_sliding_window` switches them on. */
export function switchedWindows(
  config: ConfigReader,
  slides: (layer: number) => boolean,
): (layer: number) => LayerKind {
  const { layers } = decoderSizes(config);
  if (config.flag("use_sliding_window", false)) return windows(config, layers, slides);
  if (config.perLayer("layer_types", layers)?.includes("sliding_attention"))
    config.fail("has layers that slide in layer_types, and use_sliding_window says that none does");
  return () => ({});
}
