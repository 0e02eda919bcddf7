import type { Architecture, LayerKind } from "./architecture";
import { normsBehind } from "./block-orders";
import type { ConfigReader } from "./config-reader";
import { decoder, decoderSizes, layerTypes, windows } from "./decoder";

/** EXAONE 4: norms behind, and on heads; where windows are on, all but every fourth layer slide, and those alone turn by positions. */
export function exaone4(given: ConfigReader): Architecture {
  const config = given
    .withDefaults({ num_key_value_heads: 32, rms_norm_eps: 1e-5, sliding_window: 4096 })
    .refusingNull("num_key_value_heads", "head_dim");
  return decoder(config, { queryKeyNorm: "head", block: normsBehind, layer: exaoneLayers(config) });
}

function exaoneLayers(config: ConfigReader): (layer: number) => LayerKind {
  const { layers } = decoderSizes(config);
  if (!config.has("sliding_window")) {
    // transformers divides by a pattern of 0 where it has to guess
    if (layerTypes(config, layers) === undefined) config.fail("has neither sliding_window nor layer_types");
    return windows(config, layers, () => false);
  }
  const pattern = config.has("layer_types") ? 1 : config.size("sliding_window_pattern", 4);
  const window = windows(config, layers, (layer) => (layer + 1) % pattern !== 0);
  return (layer) => ({ ...window(layer), rotary: window(layer).window !== undefined });
}
