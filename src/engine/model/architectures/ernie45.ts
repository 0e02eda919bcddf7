import type { Architecture } from "./architecture";
import type { ConfigReader } from "./config-reader";
import { decoder, decoderSizes } from "./decoder";
import { commonRopeKeys, ropeOf } from "./rope";

/** ERNIE 4.5 (dense): LLaMA with an interleaved rope, and biases everywhere or nowhere. */
export function ernie45(given: ConfigReader): Architecture {
  const config = given.withDefaults({
    num_key_value_heads: 2,
    head_dim: 128,
    rms_norm_eps: 1e-5,
    tie_word_embeddings: true,
  });
  const { headSize } = decoderSizes(config);
  const bias = config.has("use_bias") && config.flag("use_bias", false);
  const keys = { ...commonRopeKeys, theta: { key: "rope_theta", fallback: 500000 } };
  return decoder(config, {
    attentionBias: { queryKeyValue: bias, output: bias },
    feedForwardBias: bias,
    rope: { full: ropeOf(config, { headSize, interleaved: true }, keys) },
  });
}
