import type { Architecture } from "./architecture";
import type { ConfigReader } from "./config-reader";
import { decoder, decoderSizes, windows } from "./decoder";
import { commonRopeKeys, ropeFrom } from "./rope";
import { ropeParameters } from "./rope-parameters";

/** What transformers (`configuration_ministral3.py`) takes where no rope is said. */
const usualRope = {
  type: "yarn",
  rope_theta: 1e6,
  factor: 16,
  original_max_position_embeddings: 16384,
  beta_fast: 32,
  beta_slow: 1,
  mscale_all_dim: 1,
  mscale: 1,
  llama_4_scaling_beta: 0.1,
};

/** Ministral 3: Mistral whose queries are scaled by their positions, in steps of the context that the rope was trained with. */
export function ministral3(given: ConfigReader): Architecture {
  const config = given.withDefaults({ num_key_value_heads: 8, head_dim: 128, rms_norm_eps: 1e-5 });
  const withRope = config.has("rope_parameters") ? config : config.with({ rope_parameters: usualRope });
  const sizes = decoderSizes(config);
  const own = ropeParameters(withRope, commonRopeKeys);
  const beta = own.number("llama_4_scaling_beta");
  const trained = own.size("original_max_position_embeddings");
  return decoder(config, {
    rope: { full: ropeFrom(own, config, sizes) },
    queryScale: (position) => 1 + beta * Math.log(1 + Math.floor(position / trained)),
    // transformers reads no layer_types here
    layer: windows(config.with({ layer_types: undefined }), sizes.layers, () => true),
  });
}
