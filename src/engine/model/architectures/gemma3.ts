import type { Architecture } from "./architecture";
import type { ConfigReader } from "./config-reader";
import { decoder, decoderSizes, windows } from "./decoder";
import { gemmaOptions, withGemmaDefaults } from "./gemma2";
import { ropeFrom } from "./rope";
import { ropeParametersByKind } from "./rope-parameters";

/** Gemma 3 (text): Gemma 2 without soft-caps, with norms on heads, and two ropes: every sixth layer sees all, others slide. */
export function gemma3(given: ConfigReader): Architecture {
  const config = withGemmaDefaults(given);
  // transformers and llama.cpp pass over it
  if (config.has("attn_logit_softcapping")) config.unsupported("soft-capped attention (attn_logit_softcapping)");
  const sizes = decoderSizes(config);
  const { full, sliding } = ropeParametersByKind(config, {
    full: { key: "rope_theta", fallback: 1e6 },
    sliding: { key: "rope_local_base_freq", fallback: 1e4 },
  });
  // counts where layer_types do not; `_sliding_window_pattern`, which transformers writes beside them, does not count
  const pattern = config.has("layer_types") ? 1 : config.size("sliding_window_pattern", 6);
  return decoder(config, {
    ...gemmaOptions(config),
    queryKeyNorm: "head",
    rope: { full: ropeFrom(full, config, sizes), sliding: ropeFrom(sliding, config, sizes) },
    layer: windows(config, sizes.layers, (layer) => (layer + 1) % pattern !== 0),
  });
}
