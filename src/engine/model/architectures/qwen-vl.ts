import type { Architecture } from "./architecture";
import type { ConfigReader } from "./config-reader";
import { decoder, decoderSizes } from "./decoder";
import { qwenWindows } from "./qwen2";
import { commonRopeKeys, ropeFrom, ropeOf } from "./rope";
import { ropeParameters } from "./rope-parameters";

/**
 * The text model of Qwen2.5-VL: Qwen2. Its rope turns by time, height and width, each by some of the pairs; for text the three are one
 * position.
 */
export function qwen25VlText(given: ConfigReader): Architecture {
  const config = given
    .withDefaults({ num_key_value_heads: 8, rms_norm_eps: 1e-5, max_window_layers: 80 })
    .refusingNull("head_dim");
  const keys = { ...commonRopeKeys, theta: { key: "rope_theta", fallback: 1e6 } };
  const own = ropeParameters(config, keys);
  const plain = own.values.rope_type === "mrope" ? own.with({ rope_type: "default" }) : own;
  return decoder(config, {
    attentionBias: { queryKeyValue: true, output: false },
    rope: { full: ropeFrom(plain, config, decoderSizes(config)) },
    layer: qwenWindows(config),
  });
}

/** The text model of Qwen3-VL: Qwen3 without windows; what is said of the rope above holds here too. */
export function qwen3VlText(given: ConfigReader): Architecture {
  const config = given.withDefaults({ num_key_value_heads: 32, head_dim: 128 }).refusingNull("head_dim");
  const bias = config.flag("attention_bias", false);
  const keys = { ...commonRopeKeys, theta: { key: "rope_theta", fallback: 500000 } };
  return decoder(config, {
    attentionBias: { queryKeyValue: bias, output: bias },
    queryKeyNorm: "head",
    rope: { full: ropeOf(config, decoderSizes(config), keys) },
  });
}
