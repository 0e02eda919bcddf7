import type { Architecture } from "./architecture";
import { attention } from "./attention";
import type { ConfigReader } from "./config-reader";
import { decoder, decoderSizes, preNormBlock, windows } from "./decoder";
import { activationOf, downProjection } from "./feed-forward";
import { commonRopeKeys, ropeFrom } from "./rope";
import { ropeParameters } from "./rope-parameters";

/** Phi-3 and Phi-4-mini: LLaMA with fused matrices, `qkv_proj` and `gate_up_proj`; longrope is refused. */
export function phi3(given: ConfigReader): Architecture {
  const config = given
    .withDefaults({ rms_norm_eps: 1e-5, original_max_position_embeddings: 4096 })
    .refusingNull("head_dim", "original_max_position_embeddings");
  const sizes = decoderSizes(config);
  const { layers, hiddenSize, feedForwardSize, queryHeads, keyValueHeads, headSize } = sizes;
  const queries = queryHeads * headSize;
  const keys = keyValueHeads * headSize;
  const activation = activationOf(config, "hidden_act", "silu");
  const rope = ropeFrom(phi3RopeParameters(config), config, { headSize, partial: true });
  const shape = { queryHeads, keyValueHeads, headSize, rotated: rope.rotated, scale: 1 / Math.sqrt(headSize) };
  return {
    ...decoder(config, {
      rope: { full: rope },
      // transformers reads no layer_types here
      layer: windows(config.with({ layer_types: undefined }), layers, () => true),
      block: (b, parts) =>
        preNormBlock(b, {
          ...parts,
          attention: (_, x) => {
            const fused = b.project(x, "self_attn.qkv_proj", queries + 2 * keys);
            const query = b.select(b.slice(fused, 2, 0, queries));
            const key = b.slice(fused, 2, queries, queries + keys);
            const value = b.slice(fused, 2, queries + keys, queries + 2 * keys);
            return b.project(attention(b, query, key, value, shape), "self_attn.o_proj", hiddenSize);
          },
          feedForward: (_, x) => {
            const fused = b.project(x, "mlp.gate_up_proj", 2 * feedForwardSize);
            const gate = b.slice(fused, 2, 0, feedForwardSize);
            const up = b.slice(fused, 2, feedForwardSize, 2 * feedForwardSize);
            return b.project(b.multiply(activation(b, gate), up), downProjection, hiddenSize);
          },
        }),
    }),
    fused: {
      "self_attn.qkv_proj": [
        { name: "q", rows: [[0, queries]] },
        { name: "k", rows: [[queries, queries + keys]] },
        { name: "v", rows: [[queries + keys, queries + 2 * keys]] },
      ],
      "mlp.gate_up_proj": [
        { name: "gate", rows: [[0, feedForwardSize]] },
        { name: "up", rows: [[feedForwardSize, 2 * feedForwardSize]] },
      ],
    },
    heads: {
      "self_attn.qkv_proj": {
        axis: "rows",
        size: headSize,
        parts: [
          { name: "q", from: 0, stride: headSize, count: queryHeads },
          { name: "k", from: queries, stride: headSize, count: keyValueHeads },
          { name: "v", from: queries + keys, stride: headSize, count: keyValueHeads },
        ],
      },
      "self_attn.o_proj": {
        axis: "columns",
        size: headSize,
        parts: [{ from: 0, stride: headSize, count: queryHeads }],
      },
    },
  };
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
