import type { Architecture } from "./architecture";
import type { ConfigReader } from "./config-reader";
import { decoder, decoderSizes } from "./decoder";
import { commonRopeKeys, ropeFrom } from "./rope";
import { isFalse, ropeParameters } from "./rope-parameters";

/** Hunyuan (dense): LLaMA with RMS norms on heads, behind the rotation; its dynamic rope is turned slower once and for all by `alpha`. */
export function hunyuanDense(given: ConfigReader): Architecture {
  const config = given.withDefaults({ rms_norm_eps: 1e-5 });
  // transformers guesses none
  const headSize = config.size("head_dim");
  const bias = config.flag("attention_bias", false);
  const epsilon = config.number("rms_norm_eps");
  const own = ropeParameters(config, commonRopeKeys);
  const isFixed = own.values.rope_type === "dynamic" && !isFalse(own.values.alpha);
  return decoder(config, {
    attentionBias: { queryKeyValue: bias, output: bias },
    rope: { full: ropeFrom(isFixed ? slowed(own, headSize) : own, config, decoderSizes(config)) },
    queryKeyNorm: {
      apply: (b, x, side) => {
        const name = side === "query" ? "self_attn.query_layernorm" : "self_attn.key_layernorm";
        return b.normalize(x, { kind: "rms", weight: `${name}.weight`, epsilon });
      },
      behindRotation: true,
    },
  });
}

/** A plain rope with theta · alpha^(size / (size − 2)) (`compute_ntk_alpha_rope_parameters`). */
function slowed(own: ConfigReader, headSize: number): ConfigReader {
  if (headSize <= 2) own.fail("turns 2 values of a head by alpha");
  const theta = own.positive("rope_theta") * own.positive("alpha") ** (headSize / (headSize - 2));
  return own.with({ rope_type: "default", rope_theta: theta });
}
