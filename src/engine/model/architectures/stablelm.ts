import type { Node } from "../../graph/graph";
import type { Architecture } from "./architecture";
import type { HeadNorm } from "./attention";
import type { BlockBuilder } from "./block-builder";
import { normsBefore, parallel } from "./block-orders";
import type { ConfigReader } from "./config-reader";
import { decoder, decoderSizes, layerNorms, requireEvenHeads } from "./decoder";
import { commonRopeKeys, ropeOf } from "./rope";

/** StableLM: layer norms, partial rope; one norm for attention and feed-forward, or one for each; norms of single heads (12B). */
export function stablelm(given: ConfigReader): Architecture {
  // a head's size is always the hidden states' divided
  const config = given
    .withDefaults({ num_key_value_heads: 32 })
    .refusingNull("num_key_value_heads")
    .with({ head_dim: undefined });
  requireEvenHeads(config);
  const { headSize } = decoderSizes(config);
  const norms = layerNorms(config, "layer_norm_eps");
  return decoder(config, {
    attentionBias: { queryKeyValue: config.flag("use_qkv_bias", false), output: false },
    queryKeyNorm: config.flag("qk_layernorm", false) ? normsOfHeads(norms.epsilon) : undefined,
    rope: {
      full: ropeOf(
        config,
        { headSize, partial: true, even: true },
        { ...commonRopeKeys, share: { key: "partial_rotary_factor", fallback: 0.25 } },
      ),
    },
    norms,
    block: config.flag("use_parallel_residual", false) ? parallel({ attention: "input_layernorm" }) : normsBefore(),
  });
}

/** A layer norm for each head, without biases. */
function normsOfHeads(epsilon: number): HeadNorm {
  const weights = (b: BlockBuilder, name: string, count: number, size: number): Node =>
    b.concat(
      Array.from({ length: count }, (_, head) =>
        b.reshape(b.weight(`${name}.norms.${head}.weight`, [size]), [1, 1, size]),
      ),
      0,
    );
  return {
    apply: (b, x, side) => {
      const name = side === "query" ? "self_attn.q_layernorm" : "self_attn.k_layernorm";
      const [heads, size] = [Number(x.shape[1]), Number(x.shape[3])];
      return b.multiply(b.normalize(x, { kind: "layer", epsilon }), weights(b, name, heads, size));
    },
  };
}
