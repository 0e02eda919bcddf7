import type { Architecture } from "./architecture";
import type { HeadNorm } from "./attention";
import { parallel } from "./block-orders";
import type { ConfigReader } from "./config-reader";
import { decoder, decoderSizes, layerNorms, windows, type DecoderOptions } from "./decoder";
import { commonRopeKeys, ropeOf } from "./rope";

/** Command R: one layer norm without bias for attention and feed-forward side by side, interleaved rope, scaled logits. */
export function cohere(given: ConfigReader): Architecture {
  const config = withCohereDefaults(given).refusingNull("head_dim");
  const options = cohereOptions(config, 500000);
  const isNormed = config.flag("use_qk_norm", false);
  return decoder(config, { ...options, queryKeyNorm: isNormed ? matrixOfHeads(config) : undefined });
}

/** Command R7B and A: Command R in which all but every fourth layer slide, and those alone turn by positions. */
export function cohere2(given: ConfigReader): Architecture {
  // a head's size is always the hidden states' divided
  const config = withCohereDefaults(given).withDefaults({ sliding_window: 4096 }).with({ head_dim: undefined });
  const pattern = config.has("layer_types") ? 1 : config.size("sliding_window_pattern", 4);
  const { layers } = decoderSizes(config);
  // without a window transformers turns nothing, and makes no mask of the layers that slide
  config.size("sliding_window");
  const window = windows(config, layers, (layer) => (layer + 1) % pattern !== 0);
  return decoder(config, {
    ...cohereOptions(config, 10000),
    layer: (layer) => ({ ...window(layer), rotary: window(layer).window !== undefined }),
  });
}

function withCohereDefaults(config: ConfigReader): ConfigReader {
  return config.withDefaults({ tie_word_embeddings: true });
}

function cohereOptions(config: ConfigReader, theta: number): DecoderOptions {
  const bias = config.flag("attention_bias", false);
  const keys = { ...commonRopeKeys, theta: { key: "rope_theta", fallback: theta } };
  return {
    attentionBias: { queryKeyValue: bias, output: bias },
    rope: { full: ropeOf(config, { headSize: decoderSizes(config).headSize, interleaved: true }, keys) },
    norms: layerNorms(config, "layer_norm_eps", "weight"),
    head: { scale: config.number("logit_scale", 0.0625) },
    block: parallel({ attention: "input_layernorm" }),
  };
}

/** A layer norm of every head, whose weights `[heads, headSize]` are scored as every other matrix. */
function matrixOfHeads(config: ConfigReader): HeadNorm {
  const { epsilon } = layerNorms(config, "layer_norm_eps");
  return {
    apply: (b, x, side) => {
      const [heads, size] = [Number(x.shape[1]), Number(x.shape[3])];
      const weights = b.elements(side === "query" ? "self_attn.q_norm" : "self_attn.k_norm", heads, size);
      const standardized = b.normalize(x, { kind: "layer", epsilon });
      return b.multiply(standardized, b.reshape(weights, ["batch", heads, 1, size]));
    },
  };
}
