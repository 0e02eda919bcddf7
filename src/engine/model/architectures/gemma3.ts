import type { Architecture } from "./architecture";
import type { ConfigReader } from "./config-reader";
import { decoder, decoderSizes, windows } from "./decoder";
import { gemmaOptions, withTiedHead } from "./gemma2";
import { ropeOf } from "./rope";

/** Gemma 3 (text): Gemma 2 without soft-caps, with norms on heads, and two ropes: every sixth layer sees all, others slide. */
export function gemma3(config: ConfigReader): Architecture {
  const sizes = decoderSizes(config);
  const nested = config.object("rope_parameters")?.has("full_attention") ?? false;
  const local = { rope_theta: config.number("rope_local_base_freq", 10000), rope_scaling: null };
  const sliding = nested ? ropeOf(config, sizes, "sliding_attention") : ropeOf(config.with(local), sizes);
  const pattern = config.size("sliding_window_pattern", config.size("_sliding_window_pattern", 6));
  return decoder(withTiedHead(config), {
    ...gemmaOptions(config),
    queryKeyNorm: "head",
    attentionSoftcap: config.has("attn_logit_softcapping") ? config.number("attn_logit_softcapping") : undefined,
    logitsSoftcap: config.has("final_logit_softcapping") ? config.number("final_logit_softcapping") : undefined,
    rope: { full: ropeOf(config, { ...sizes, theta: 1e6 }, nested ? "full_attention" : undefined), sliding },
    layer: windows(config, sizes.layers, (layer) => (layer + 1) % pattern !== 0),
  });
}
