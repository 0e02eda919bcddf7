import type { Architecture } from "./architecture";
import { attention } from "./attention";
import type { ConfigReader } from "./config-reader";
import { decoder, decoderSizes, preNormBlock, windows } from "./decoder";
import { activationOf } from "./feed-forward";
import { ropeOf } from "./rope";

/** Phi-3 and Phi-4-mini: LLaMA with fused matrices, `qkv_proj` and `gate_up_proj`; longrope is refused. */
export function phi3(given: ConfigReader): Architecture {
  const config = given.withDefaults({ rms_norm_eps: 1e-5 });
  const sizes = decoderSizes(config);
  const { layers, hiddenSize, feedForwardSize, queryHeads, keyValueHeads, headSize } = sizes;
  const queries = queryHeads * headSize;
  const keys = keyValueHeads * headSize;
  const activation = activationOf(config, "hidden_act", "silu");
  const rope = ropeOf(config, { ...sizes, partial: 1 });
  const shape = { queryHeads, keyValueHeads, headSize, rotated: rope.rotated, scale: 1 / Math.sqrt(headSize) };
  return {
    ...decoder(config, {
      rope: { full: rope },
      layer: windows(config, layers, () => true),
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
            return b.project(b.multiply(activation(b, gate), up), "mlp.down_proj", hiddenSize);
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
