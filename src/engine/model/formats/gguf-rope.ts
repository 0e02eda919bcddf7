import type { Config, GgufDescription } from "./gguf-description";
import type { GgufMetadata } from "./gguf-metadata";

/** Tensors that are no weights of the model but divisors of its rotary frequencies. */
export const ROPE_FACTORS = /^(rope_freqs|rope_factors_long|rope_factors_short)\.weight$/;

/**
 * transformers' `rope_parameters`.
 * @param theta where the metadata lack `rope.freq_base`; llama.cpp's own default is 10,000
 * @param headSize of a head, of which `rope.dimension_count` dimensions turn
 */
export function ropeParameters(description: GgufDescription, theta = 10_000, headSize = description.headSize): Config {
  const { metadata, ropeFactors } = description;
  const parameters: Config = { rope_type: "default", rope_theta: metadata.own("rope.freq_base") ?? theta };
  const rotated = metadata.own("rope.dimension_count") ?? headSize;
  if (rotated !== headSize) parameters.partial_rotary_factor = rotated / headSize;

  const long = ropeFactors.get("rope_factors_long.weight");
  const short = ropeFactors.get("rope_factors_short.weight");
  if (long !== undefined || short !== undefined)
    return {
      ...parameters,
      rope_type: "longrope",
      long_factor: long,
      short_factor: short,
      ...trained(metadata),
      attention_factor: metadata.own("rope.scaling.attn_factor"),
    };
  // Llama 3's scaling is there as one divisor for each frequency, not as the four numbers that it came from: a longrope of one kind.
  const factors = ropeFactors.get("rope_freqs.weight");
  if (factors !== undefined)
    return {
      ...parameters,
      rope_type: "longrope",
      long_factor: factors,
      short_factor: factors,
      ...trained(metadata),
      attention_factor: 1,
    };

  const factor = metadata.own("rope.scaling.factor") ?? inverse(metadata.own("rope.scale_linear"));
  const type = metadata.ownText("rope.scaling.type") ?? (factor !== undefined && factor !== 1 ? "linear" : "none");
  switch (type) {
    case "none":
      return parameters;
    case "linear":
      return factor === undefined || factor === 1 ? parameters : { ...parameters, rope_type: "linear", factor };
    case "yarn":
      return { ...parameters, rope_type: "yarn", factor, ...yarn(metadata) };
    default:
      return { ...parameters, rope_type: type, factor };
  }
}

/**
 * The ropes of architectures whose layers with a window have one of their own, which is never scaled.
 * @param theta where the metadata lack `rope.freq_base`, and `rope.freq_base_swa`, which is the other's where it is not given here
 */
export function ropeParametersByKind(
  description: GgufDescription,
  theta: { readonly full?: number; readonly sliding?: number } = {},
): Config {
  const full = ropeParameters(description, theta.full);
  const sliding = description.metadata.own("rope.freq_base_swa") ?? theta.sliding ?? full.rope_theta;
  return { full_attention: full, sliding_attention: { rope_type: "default", rope_theta: sliding } };
}

/** The context that the model was trained with. */
function trained(metadata: GgufMetadata): Config {
  return {
    original_max_position_embeddings:
      metadata.own("rope.scaling.original_context_length") ?? metadata.ownOrThrow("context_length"),
  };
}

function yarn(metadata: GgufMetadata): Config {
  const config: Config = {
    ...trained(metadata),
    beta_fast: metadata.own("rope.scaling.yarn_beta_fast") ?? 32,
    beta_slow: metadata.own("rope.scaling.yarn_beta_slow") ?? 1,
  };
  const log = metadata.own("rope.scaling.yarn_log_multiplier");
  // as llama.cpp does, which knows only the one of two that are divided
  if (log) [config.mscale, config.mscale_all_dim] = [1, log];
  // the converter's own, transformers' `attention_factor`
  const stored = metadata.own("rope.scaling.yarn_attn_factor");
  if (stored !== undefined) config.attention_factor = stored;
  // llama.cpp multiplies its own 0.1·ln(factor) + 1 by this; transformers takes attention_factor in its place.
  const [attention, factor] = [metadata.own("rope.scaling.attn_factor"), metadata.own("rope.scaling.factor")];
  if (attention !== undefined && attention !== 1 && factor !== undefined)
    config.attention_factor = attention * (0.1 * Math.log(factor) + 1);
  return config;
}

function inverse(value: number | undefined): number | undefined {
  return value ? 1 / value : undefined;
}
