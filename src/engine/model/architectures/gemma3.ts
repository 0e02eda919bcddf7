import type { Architecture } from "./architecture";
import type { ConfigReader } from "./config-reader";
import { decoder, decoderSizes, windows } from "./decoder";
import { gemmaOptions, withGemmaDefaults } from "./gemma2";
import { ropeOf } from "./rope";

/** Gemma 3 (text): Gemma 2 without soft-caps, with norms on heads, and two ropes: every sixth layer sees all, others slide. */
export function gemma3(given: ConfigReader): Architecture {
  const config = withGemmaDefaults(given);
  // transformers and llama.cpp pass over it
  if (config.has("attn_logit_softcapping")) config.unsupported("soft-capped attention (attn_logit_softcapping)");
  const sizes = decoderSizes(config);
  const nested = config.object("rope_parameters")?.has("full_attention") ?? false;
  const local = { rope_theta: config.number("rope_local_base_freq", 10000), rope_scaling: null };
  const sliding = nested ? ropeOf(config, sizes, "sliding_attention") : ropeOf(config.with(local), sizes);
  const pattern = config.size("sliding_window_pattern", config.size("_sliding_window_pattern", 6));
  return decoder(config, {
    ...gemmaOptions(config),
    queryKeyNorm: "head",
    rope: { full: ropeOf(config, { ...sizes, theta: 1e6 }, nested ? "full_attention" : undefined), sliding },
    layer: windows(config, sizes.layers, (layer) => (layer + 1) % pattern !== 0),
  });
}
