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
  if (!config.flag("use_sliding_window", false)) return () => ({});
  const { layers } = decoderSizes(config);
  const first = config.number("max_window_layers", layers);
  return windows(config, layers, (layer) => layer >= first);
}
