import type { Architecture } from "./architecture";
import type { ConfigReader } from "./config-reader";
import { decoder, decoderSizes, windows } from "./decoder";
import { activationOf, fusedFeedForward } from "./feed-forward";
import { stackedQueryKeyValue } from "./fused-attention";
import { commonRopeKeys, ropeFrom } from "./rope";
import { ropeParameters } from "./rope-parameters";

/** Phi-3 and Phi-4-mini: LLaMA with fused matrices, `qkv_proj` and `gate_up_proj`, and longrope. */
export function phi3(given: ConfigReader): Architecture {
  const config = given
    .withDefaults({ rms_norm_eps: 1e-5, original_max_position_embeddings: 4096 })
    .refusingNull("head_dim", "original_max_position_embeddings");
  const sizes = decoderSizes(config);
  return decoder(config, {
    fused: { name: "self_attn.qkv_proj", layout: stackedQueryKeyValue(sizes) },
    feedForward: fusedFeedForward(sizes.feedForwardSize, activationOf(config, "hidden_act", "silu")),
    rope: { full: ropeFrom(phi3RopeParameters(config), config, { headSize: sizes.headSize, partial: true }) },
    // transformers reads no layer_types here
    layer: windows(config.with({ layer_types: undefined }), sizes.layers, () => true),
  });
}

/** transformers (`configuration_phi3.py`) knows two types, and longrope under two older names. */
function phi3RopeParameters(config: ConfigReader): ConfigReader {
  const given = ropeParameters(config, { ...commonRopeKeys, share: { key: "partial_rotary_factor", fallback: 1 } });
  const type = given.string("rope_type");
  if (type === "default" || type === "longrope") return given;
  return type === "su" || type === "yarn"
    ? given.with({ rope_type: "longrope" })
    : config.unsupported(`rope scaling '${type}'`);
}
