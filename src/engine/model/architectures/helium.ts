import type { Architecture } from "./architecture";
import type { ConfigReader } from "./config-reader";
import { decoder, decoderSizes } from "./decoder";
import { commonRopeKeys, ropeOf } from "./rope";

/** Helium: LLaMA with an interleaved rope. */
export function helium(given: ConfigReader): Architecture {
  const sizes = { num_key_value_heads: 20, head_dim: 128 };
  const config = given.withDefaults({ ...sizes, rms_norm_eps: 1e-8 }).refusingNull(...Object.keys(sizes));
  const { headSize, hiddenSize, queryHeads } = decoderSizes(config);
  if (headSize * queryHeads !== hiddenSize)
    config.fail(`has ${queryHeads} heads of ${headSize} values, and its output projection takes ${hiddenSize}`);
  const keys = { ...commonRopeKeys, theta: { key: "rope_theta", fallback: 100000 } };
  return decoder(config, {
    attentionBias: { queryKeyValue: config.flag("attention_bias", false), output: false },
    feedForwardBias: config.flag("mlp_bias", false),
    rope: { full: ropeOf(config, { headSize, interleaved: true }, keys) },
  });
}
