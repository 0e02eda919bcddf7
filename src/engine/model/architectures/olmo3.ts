import type { Architecture } from "./architecture";
import type { ConfigReader } from "./config-reader";
import { decoder, decoderSizes, windows } from "./decoder";
import { olmoOptions, withOlmoDefaults } from "./olmo2";
import { ropeFrom } from "./rope";
import { ropeParametersByKind } from "./rope-parameters";

/** OLMo 3: OLMo 2 in which all but every fourth layer slide, with a rope of their own. */
export function olmo3(given: ConfigReader): Architecture {
  const config = withOlmoDefaults(given).withDefaults({ sliding_window: 4096 });
  const sizes = decoderSizes(config);
  const { full, sliding } = ropeParametersByKind(config, {
    full: { key: "rope_theta", fallback: 500000 },
    sliding: { fallback: 500000 },
  });
  return decoder(config, {
    ...olmoOptions(config),
    rope: { full: ropeFrom(full, config, sizes), sliding: ropeFrom(sliding, config, sizes) },
    layer: windows(config, sizes.layers, (layer) => (layer + 1) % 4 !== 0),
  });
}
