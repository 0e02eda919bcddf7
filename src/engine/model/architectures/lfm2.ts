import type { Node } from "../../graph/graph";
import type { Architecture } from "./architecture";
import type { HeadNorm } from "./attention";
import { normsBefore } from "./block-orders";
import type { ConfigReader } from "./config-reader";
import { shortConvolution } from "./convolution";
import { decoder, decoderSizes, layerKinds } from "./decoder";
import { gatedFeedForward } from "./feed-forward";

/** What transformers (`configuration_lfm2.py`) takes where a configuration has none. */
const defaults = {
  num_key_value_heads: 8,
  max_position_embeddings: 128_000,
  norm_eps: 1e-5,
  rope_theta: 1e6,
  tie_word_embeddings: true,
};

/** LFM2: LLaMA with norms on heads, and in most layers a short convolution between gates in the place of attention. */
export function lfm2(given: ConfigReader): Architecture {
  const config = withOlderKeys(given).withDefaults(defaults);
  const { layers, hiddenSize } = decoderSizes(config);
  const types = mixerTypes(config, layers);
  const epsilon = config.number("norm_eps");
  const width = config.size("conv_L_cache", 3);
  const convolution = { mixer: shortConvolution(hiddenSize, width, config.flag("conv_bias", false)) };
  const headNorm: HeadNorm = {
    apply: (b, x, side): Node => {
      const name = `self_attn.${side === "query" ? "q" : "k"}_layernorm.weight`;
      return b.normalize(x, { kind: "rms", weight: name, epsilon });
    },
  };
  return decoder(config.with({ layer_types: null }), {
    names: { output: "self_attn.out_proj", finalNorm: "model.embedding_norm" },
    norms: { kind: "rms", tensors: "weight", epsilon },
    queryKeyNorm: headNorm,
    parts: (layer) => (types[layer] === "conv" ? convolution : undefined),
    feedForward: gatedFeedForward(feedForwardSize(config), (b, x) => b.unary("silu", x), {
      gate: "feed_forward.w1",
      up: "feed_forward.w3",
      down: "feed_forward.w2",
    }),
    block: normsBefore({ attention: "operator_norm", feedForward: "ffn_norm" }),
  });
}

/** The first published configurations: `tie_embedding` and `block_ff_dim` go before what they became. */
function withOlderKeys(config: ConfigReader): ConfigReader {
  const { tie_embedding: tied, block_ff_dim: size } = config.values;
  return config.with({
    ...(tied !== undefined && { tie_word_embeddings: tied }),
    ...(size !== undefined && { intermediate_size: size }),
  });
}

/** What stands in each layer: as `layer_types` says it, or `full_attn_idxs`, or attention in all. */
function mixerTypes(config: ConfigReader, layers: number): readonly unknown[] {
  const types = layerKinds(config, layers, ["full_attention", "conv"]);
  if (types !== undefined) return types;
  const { full_attn_idxs: indices } = config.values;
  if (indices === undefined || indices === null) return Array.from({ length: layers }, () => "full_attention");
  if (!Array.isArray(indices)) config.fail("says full_attn_idxs, which is no list");
  return Array.from({ length: layers }, (_, layer) => (indices.includes(layer) ? "full_attention" : "conv"));
}

/** Two thirds of `intermediate_size`, times a factor and rounded up to a multiple, unless that is switched off (transformers, `Lfm2MLP`). */
function feedForwardSize(config: ConfigReader): number {
  const size = config.size("intermediate_size");
  if (!config.flag("block_auto_adjust_ff_dim", true)) return size;
  const adjusted = Math.trunc((2 * size) / 3);
  if (config.values.block_ffn_dim_multiplier === null) return adjusted;
  const multiple = config.size("block_multiple_of", 256);
  return multiple * Math.ceil(Math.trunc(config.number("block_ffn_dim_multiplier", 1) * adjusted) / multiple);
}
